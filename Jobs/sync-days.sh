#!/usr/bin/env bash
# Copies the CloudTrail files of some delivery days from S3, for all accounts and regions.
#
# `aws s3 sync` of a whole bucket lists every object that was ever delivered, again each night. This
# script lists only the folders that lead to the wanted days, and copies those. With a job it copies only
# what the job's dataset does not have, so that the mirror may be emptied. Run `sync-days.sh --help` for how.
set -euo pipefail
me=sync-days
# shellcheck source=bucket.sh
source "$(dirname "${BASH_SOURCE[0]}")/bucket.sh"

usage() {
  cat <<'EOF'
Usage: sync-days.sh --job FILE [option…]
       sync-days.sh --bucket NAME --target DIR [option…]

Copies the CloudTrail files of the wanted delivery days (UTC) of all accounts and regions, under the names
they have in the bucket, to the mirror. What is in the mirror is never deleted.

With --job only the files are copied that the job would read and its dataset does not have: by its ledger,
not by what is in the mirror, which may be emptied after each run. Bucket and mirror are the url and the
path of the job's input. Digests are wanted for one day more than logs: what lists the last hour of a day
is delivered on the next.

  --job FILE         the job file
  --input NAME       the input that is meant, for a job with several
  --bucket NAME      the bucket that trails deliver to
  --target DIR       the mirror, made if it is not there
  --prefix PREFIX    what stands before AWSLogs/ in the keys, below the input's url (default: none)
  --days N           today and the N-1 days before it (default: 2)
  --from DATE        the first day, YYYY-MM-DD, in place of --days
  --to DATE          the last day, included (default: today)
  --accounts A,B     only these accounts (default: all that the bucket has)
  --regions A,B      only these regions (default: all that each account has)
  --kinds A,B        the folders to copy (default: CloudTrail,CloudTrail-Digest)
  --tool aws|rclone  what lists and copies (default: rclone where it is installed, else aws)
  --jobs N           copies at a time (default: 4)
  --requester-pays   the bucket's owner lets those pay who ask
  --trailmerge PATH  the command (default: trailmerge)
  --dry-run          print what would be copied, copy nothing
  --help             this text

Organization trails (AWSLogs/o-…/ACCOUNT/) and account trails (AWSLogs/ACCOUNT/) are both found.
The AWS CLI is started once for each kind, account, region and day: about a second of one core each.
rclone does all in one process, without a request for each object but the one that gets it. Either needs
credentials that may list the bucket and get its objects; variables such as AWS_PROFILE,
AWS_ENDPOINT_URL and AWS_CA_BUNDLE are honoured. A prefix with an empty folder (logs//AWSLogs) needs
--tool aws.

EXIT STATUSES:
  0    everything that there is of those days is in the mirror, or in the dataset
  1    something could not be listed, understood or copied: run again, nothing is copied twice
  4    the dataset's ledger is damaged: see trailmerge verify
  64   wrong usage
  69   the tool is not installed
EOF
}

bucket='' prefix='' target='' from='' to='' days='' accounts='' regions='' dry_run=''
kinds='CloudTrail,CloudTrail-Digest'
tool='' jobs=4 job='' input='' trailmerge=trailmerge requester_pays='' address='' above=''

while (($#)); do
  case $1 in
    --bucket | --prefix | --target | --from | --to | --days | --accounts | --regions | --kinds | \
      --tool | --jobs | --job | --input | --trailmerge)
      (($# > 1)) || wrong "$1 needs a value"
      printf -v "${1#--}" '%s' "$2"
      shift 2
      ;;
    --requester-pays) requester_pays=yes && shift ;;
    --dry-run) dry_run=yes && shift ;;
    --help) usage && exit 0 ;;
    *) wrong "unknown argument: $1" ;;
  esac
done

is_date() { [[ $1 =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}$ && $(date -u -d "$1" +%F 2>&1) == "$1" ]]; }

if [[ -z $job ]]; then
  [[ -n $bucket ]] || wrong '--bucket is missing, or --job'
  [[ -n $target ]] || wrong '--target is missing, or --job'
fi
[[ -z $days || -z $from ]] || wrong 'give --days or --from, not both'
for list in accounts regions kinds; do
  [[ ${!list} =~ ^[A-Za-z0-9,_-]*$ ]] || wrong "--$list: not a list of names with commas: ${!list}"
done
[[ $jobs =~ ^[1-9][0-9]{0,2}$ ]] || wrong "--jobs: not a number from 1 to 999: $jobs"
to=${to:-$(date -u +%F)}
is_date "$to" || wrong "--to: not a date: $to"
if [[ -z $from ]]; then
  days=${days:-2}
  [[ $days =~ ^[1-9][0-9]{0,4}$ ]] || wrong "--days: not a number from 1 to 99999: $days"
  from=$(date -u -d "$to - $((days - 1)) days" +%F)
fi
is_date "$from" || wrong "--from: not a date: $from"
[[ ! $from > $to ]] || wrong "--from $from is after --to $to"
use_tool
[[ -z $job ]] || use_job

prefix=${prefix#/}
prefix=${prefix%/}
# Where the folders of accounts are, below the mirror's own place.
root=${prefix:+$prefix/}AWSLogs/
case /$above in
  */AWSLogs/) root='' ;;
  */AWSLogs/*) wrong "the url $address is inside of AWSLogs: pipe a listing to trailmerge new" ;;
esac
need_plain_place "$above$root"

# The days of logs and those of digests, as the keys have them between slashes: 2026/11/19/
wanted=()
day=$from
while [[ ! $day > $to ]]; do
  wanted+=("${day//-//}/")
  day=$(date -u -d "$day + 1 day" +%F)
done
wanted_digests=("${wanted[@]}" "${day//-//}/")

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT

# The names of the folders right below a prefix, one a line.
folders() {
  if [[ $tool == rclone ]]; then
    s3 lsf --dirs-only ":s3:$bucket/$1" | sed 's:/$::'
    return
  fi
  # Names end in a tab or a line break; the CLI prints None where there is nothing.
  aws s3api list-objects-v2 --bucket "$bucket" --prefix "$1" --delimiter / "${payer[@]}" \
    --query 'CommonPrefixes[].[Prefix]' --output text \
    | while IFS= read -r found; do
      if [[ $found == "$1"*/ ]]; then
        found=${found#"$1"}
        printf '%s\n' "${found%/}"
      fi
    done
}

# Whether a comma list holds a name; an empty list holds all.
holds() { [[ -z $1 || ,$1, == *",$2,"* ]]; }

is_account() { [[ $1 =~ ^[0-9]{12}$ ]]; }
is_organization() { [[ $1 =~ ^o-[a-z0-9]{10,32}$ ]]; }

# `set -e` does not reach into functions that are called in a condition: hence each `|| return 1`.

# The prefixes of all accounts, organizations' members included.
account_prefixes() {
  local name member found members
  found=$(folders "$above$root") || return 1
  while IFS= read -r name; do
    if is_account "$name"; then
      if holds "$accounts" "$name"; then printf '%s\n' "$root$name/"; fi
    elif is_organization "$name"; then
      members=$(folders "$above$root$name/") || return 1
      while IFS= read -r member; do
        if is_account "$member" && holds "$accounts" "$member"; then
          printf '%s\n' "$root$name/$member/"
        fi
      done <<<"$members"
    fi
  done <<<"$found"
}

# The prefixes of the wanted kinds and regions of one account, each to be copied for every day.
region_prefixes() {
  local kind region present found
  present=$(folders "$above$1") || return 1
  while IFS= read -r kind; do
    if [[ -z $kind ]] || ! holds "$kinds" "$kind"; then continue; fi
    found=$(folders "$above$1$kind/") || return 1
    while IFS= read -r region; do
      if [[ -n $region ]] && holds "$regions" "$region"; then
        printf '%s\n' "$1$kind/$region/"
      fi
    done <<<"$found"
  done <<<"$present"
}

# Keys become paths: nothing may lead out of the target.
is_safe() { [[ $1 != *[[:cntrl:]]* && /$1/ != */../* && /$1/ != */./* ]]; }

# With the AWS CLI: copies one day of one region, or lists it if there is a job.
take_day() {
  local command
  if [[ -n $job ]]; then
    aws s3api list-objects-v2 --bucket "$bucket" --prefix "$above$1" "${payer[@]}" --output json \
      >"$temporary/$2.json"
    return
  fi
  # Exact timestamps: a copy that was changed here, or cut off, is fetched again.
  command=(
    aws s3 sync "s3://$bucket/$1" "$target/$1" --only-show-errors --exact-timestamps "${payer[@]}"
  )
  if [[ -n $dry_run ]]; then
    printf '%s\n' "${command[*]@Q}"
  else
    "${command[@]}"
  fi
}

# With the AWS CLI: takes all days of all regions, some at a time.
take_days() {
  local account lines region_folder day running=0 taken=0 region_folders=()
  while IFS= read -r account; do
    if ! lines=$(region_prefixes "$account"); then
      say "cannot list s3://$bucket/$above$account"
      failed=$((failed + 1))
      continue
    fi
    if [[ -n $lines ]]; then mapfile -t -O "${#region_folders[@]}" region_folders <<<"$lines"; fi
  done
  [[ -n $dry_run ]] || mkdir -p -- "$target"
  for region_folder in "${region_folders[@]}"; do
    local these=("${wanted[@]}")
    if [[ $region_folder == */CloudTrail-Digest/* ]]; then these=("${wanted_digests[@]}"); fi
    for day in "${these[@]}"; do
      if ! is_safe "$region_folder$day"; then
        say "not copied, a name that no trail makes: $(printf '%q' "$region_folder")"
        failed=$((failed + 1))
        continue
      fi
      if ((running == jobs)); then
        wait -n || failed=$((failed + 1))
        running=$((running - 1))
      fi
      take_day "$region_folder$day" "$taken" &
      running=$((running + 1))
      taken=$((taken + 1))
    done
  done
  while ((running > 0)); do
    wait -n || failed=$((failed + 1))
    running=$((running - 1))
  done
  summary="$taken folders of days below ${#region_folders[@]} of regions"
}

# The name patterns of a comma list: any one of them, or what stands for an empty list.
one_of() { if [[ -n $1 ]]; then printf '{%s}' "$1"; else printf '%s' "$2"; fi; }

# Sets `includes`: rclone's patterns of all wanted days. It then lists no folder that cannot lead to one.
#
# To rclone, braces with a slash in them could be anywhere: hence a pattern of their own for
# organizations.
set_includes() {
  local digit='[0-9]' kind days=() day
  local member=$digit$digit$digit$digit$digit$digit$digit$digit$digit$digit$digit$digit
  local account region
  account=$(one_of "$accounts" "$member")
  region=$(one_of "$regions" '*')
  includes=()
  local -a list
  IFS=, read -ra list <<<"$kinds"
  if ((${#list[@]} == 0)); then list=('*'); fi
  for kind in "${list[@]}"; do
    days=("${wanted[@]}")
    if [[ $kind == CloudTrail-Digest || $kind == '*' ]]; then days=("${wanted_digests[@]}"); fi
    for day in "${days[@]}"; do
      includes+=(--include "/$account/$kind/$region/$day**")
      includes+=(--include "/o-*/$account/$kind/$region/$day**")
    done
  done
}

copy_with_rclone() {
  # The server's times, as `aws s3 sync` keeps them: rclone's own would cost a request an object.
  local command=(
    rclone copy ":s3:$bucket/$root" "$target/$root" --use-server-modtime
    --transfers "$jobs" --checkers "$((jobs * 4))" "${includes[@]}"
  )
  if [[ -n $dry_run ]]; then
    printf '%s\n' "${command[*]@Q}"
  else
    s3 "${command[@]:1}"
  fi
}

# Copies what is new of the listed objects.
copy_new() {
  local status=0
  # What it cannot understand it names, and says what is new of the rest.
  "${new[@]}" "$@" >"$temporary/keys" || status=$?
  ((status <= 1)) || exit "$status"
  ((status == 0)) || failed=$((failed + 1))
  if [[ -n $dry_run ]]; then
    cat "$temporary/keys"
  elif [[ -s $temporary/keys ]]; then
    fetch "$temporary/keys" || failed=$((failed + 1))
  fi
  summary="$(wc -l <"$temporary/keys") new files"
}

failed=0
summary="${#wanted[@]} days"
if ! found=$(account_prefixes); then
  say "cannot list s3://$bucket/$above$root"
  exit 1
fi
if [[ -z $found ]]; then
  say "no accounts below s3://$bucket/$above$root: is it the right bucket and --prefix?"
  exit 1
fi

if [[ $tool == aws ]]; then
  take_days <<<"$found"
  if [[ -n $job ]]; then
    shopt -s nullglob
    copy_new --base "s3://$bucket" /dev/null "$temporary"/*.json
  fi
else
  set_includes
  if [[ -z $job ]]; then
    copy_with_rclone || failed=$((failed + 1))
  elif s3 lsf -R --files-only --format ps --checkers "$((jobs * 4))" "${includes[@]}" \
    ":s3:$bucket/$above$root" >"$temporary/list"; then
    root=$root awk '{ print ENVIRON["root"] $0 }' "$temporary/list" >"$temporary/listed"
    copy_new ${address:+--base "$address"} "$temporary/listed"
  else
    failed=$((failed + 1))
  fi
fi

if ((failed > 0)); then
  say "$failed of the listings and copies failed: run again, nothing is copied twice"
  exit 1
fi
say "$from to $to: $summary${dry_run:+, nothing copied}"
