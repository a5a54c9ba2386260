#!/usr/bin/env bash
# Copies the CloudTrail files of some delivery days from S3, for all accounts and regions.
#
# `aws s3 sync` of a whole bucket lists every object that was ever delivered, again each night. This
# script lists only the folders that lead to the wanted days, and copies those. Run
# `sync-days.sh --help` for how.
set -euo pipefail

usage() {
  cat <<'EOF'
Usage: sync-days.sh --bucket NAME --target DIR [option…]

Copies the CloudTrail files of the wanted delivery days (UTC) of all accounts and regions to DIR,
under the names they have in the bucket. What is in DIR is never deleted.

  --bucket NAME      the bucket that trails deliver to
  --target DIR       the mirror, made if it is not there
  --prefix PREFIX    the trail's key prefix: what stands before AWSLogs/ (default: none)
  --days N           today and the N-1 days before it (default: 2)
  --from DATE        the first day, YYYY-MM-DD, in place of --days
  --to DATE          the last day, included (default: today)
  --accounts A,B     only these accounts (default: all that the bucket has)
  --regions A,B      only these regions (default: all that each account has)
  --kinds A,B        the folders to copy (default: CloudTrail,CloudTrail-Digest)
  --tool aws|rclone  what lists and copies (default: aws)
  --jobs N           copies at a time (default: 4)
  --dry-run          print the commands that would copy, copy nothing
  --help             this text

Organization trails (AWSLogs/o-…/ACCOUNT/) and account trails (AWSLogs/ACCOUNT/) are both found.
The AWS CLI is started once for each kind, account, region and day: about a second of one core each.
rclone does all in one process: for more than a few accounts, use it. Either needs credentials that
may list the bucket and get its objects; variables such as AWS_PROFILE and AWS_ENDPOINT_URL are
honoured.

EXIT STATUSES:
  0    everything that there is of those days is in the mirror
  1    something could not be listed or copied: run again, nothing is copied twice
  64   wrong usage
  69   the tool is not installed
EOF
}

say() { printf 'sync-days: %s\n' "$*" >&2; }

wrong() {
  say "$*"
  say "see sync-days.sh --help"
  exit 64
}

bucket='' prefix='' target='' from='' to='' days='' accounts='' regions='' dry_run=''
kinds='CloudTrail,CloudTrail-Digest'
tool=aws
jobs=4

while (($#)); do
  case $1 in
    --bucket | --prefix | --target | --from | --to | --days | --accounts | --regions | --kinds | \
      --tool | --jobs)
      (($# > 1)) || wrong "$1 needs a value"
      printf -v "${1#--}" '%s' "$2"
      shift 2
      ;;
    --dry-run) dry_run=yes && shift ;;
    --help) usage && exit 0 ;;
    *) wrong "unknown argument: $1" ;;
  esac
done

is_date() { [[ $1 =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}$ && $(date -u -d "$1" +%F 2>&1) == "$1" ]]; }

[[ -n $bucket ]] || wrong '--bucket is missing'
[[ -n $target ]] || wrong '--target is missing'
[[ -z $days || -z $from ]] || wrong 'give --days or --from, not both'
[[ $tool == aws || $tool == rclone ]] || wrong "--tool: neither aws nor rclone: $tool"
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
command -v "$tool" >/dev/null || {
  case $tool in
    aws) say 'the AWS CLI is not installed: https://aws.amazon.com/cli/' ;;
    rclone) say 'rclone is not installed: https://rclone.org/install/' ;;
  esac
  exit 69
}

export AWS_PAGER=''
# rclone gets its remote from these; what a user's configuration file says does not count.
export RCLONE_CONFIG='' RCLONE_S3_ENV_AUTH=true
export RCLONE_S3_REGION=${AWS_REGION:-${AWS_DEFAULT_REGION:-}}
export RCLONE_S3_ENDPOINT=${AWS_ENDPOINT_URL_S3:-${AWS_ENDPOINT_URL:-}}
export RCLONE_S3_PROVIDER=AWS
[[ -z $RCLONE_S3_ENDPOINT ]] || RCLONE_S3_PROVIDER=Other
# Under its AWS name, rclone 1.60 stops at it.
if [[ $tool == rclone && -n ${AWS_CA_BUNDLE:-} ]]; then
  export RCLONE_CA_CERT=$AWS_CA_BUNDLE
  unset AWS_CA_BUNDLE
fi
prefix=${prefix#/}
prefix=${prefix%/}
root=${prefix:+$prefix/}AWSLogs/

# Days as the keys have them, between slashes: /2026/11/19/
wanted=()
day=$from
while [[ ! $day > $to ]]; do
  wanted+=("${day//-//}/")
  day=$(date -u -d "$day + 1 day" +%F)
done

# The names of the folders right below a prefix, one a line.
folders() {
  if [[ $tool == rclone ]]; then
    rclone lsf --dirs-only ":s3:$bucket/$1" | sed 's:/$::'
    return
  fi
  # Names end in a tab or a line break; the CLI prints None where there is nothing.
  aws s3api list-objects-v2 --bucket "$bucket" --prefix "$1" --delimiter / \
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
  found=$(folders "$root") || return 1
  while IFS= read -r name; do
    if is_account "$name"; then
      if holds "$accounts" "$name"; then printf '%s\n' "$root$name/"; fi
    elif is_organization "$name"; then
      members=$(folders "$root$name/") || return 1
      while IFS= read -r member; do
        if is_account "$member" && holds "$accounts" "$member"; then
          printf '%s\n' "$root$name/$member/"
        fi
      done <<<"$members"
    fi
  done <<<"$found"
}

# The prefixes of the wanted kinds and regions of one account, each to be synced for every day.
region_prefixes() {
  local kind region present found
  present=$(folders "$1") || return 1
  while IFS= read -r kind; do
    if [[ -z $kind ]] || ! holds "$kinds" "$kind"; then continue; fi
    found=$(folders "$1$kind/") || return 1
    while IFS= read -r region; do
      if [[ -n $region ]] && holds "$regions" "$region"; then
        printf '%s\n' "$1$kind/$region/"
      fi
    done <<<"$found"
  done <<<"$present"
}

# Keys become paths: nothing may lead out of the target.
is_safe() { [[ $1 != *[[:cntrl:]]* && /$1/ != */../* && /$1/ != */./* ]]; }

# Exact timestamps: a copy that was changed here, or cut off, is fetched again.
sync_day() {
  local command=(
    aws s3 sync "s3://$bucket/$1" "$target/$1" --only-show-errors --exact-timestamps
  )
  if [[ -n $dry_run ]]; then
    printf '%s\n' "${command[*]@Q}"
  else
    "${command[@]}"
  fi
}

# The name patterns of a comma list: any one of them, or what stands for an empty list.
one_of() { if [[ -n $1 ]]; then printf '{%s}' "$1"; else printf '%s' "$2"; fi; }

# Copies all wanted days in one process, which lists no folder that cannot lead to one of them.
#
# To rclone, braces with a slash in them could be anywhere: hence a pattern of their own for
# organizations.
copy_with_rclone() {
  local digit='[0-9]' below day includes=()
  local member=$digit$digit$digit$digit$digit$digit$digit$digit$digit$digit$digit$digit
  below="$(one_of "$accounts" "$member")/$(one_of "$kinds" '*')/$(one_of "$regions" '*')"
  for day in "${wanted[@]}"; do
    includes+=(--include "/$below/$day**" --include "/o-*/$below/$day**")
  done
  # The server's times, as `aws s3 sync` keeps them: rclone's own would cost a request an object.
  local command=(
    rclone copy ":s3:$bucket/$root" "$target/$root" --use-server-modtime
    --transfers "$jobs" --checkers "$((jobs * 4))" "${includes[@]}"
  )
  if [[ -n $dry_run ]]; then
    printf '%s\n' "${command[*]@Q}"
  else
    "${command[@]}"
  fi
}

failed=0
if ! found=$(account_prefixes); then
  say "cannot list s3://$bucket/$root"
  exit 1
fi
if [[ -z $found ]]; then
  say "no accounts below s3://$bucket/$root: is it the right bucket and --prefix?"
  exit 1
fi

if [[ $tool == rclone ]]; then
  copy_with_rclone || {
    say 'something could not be listed or copied: run again, nothing is copied twice'
    exit 1
  }
  say "$from to $to: ${#wanted[@]} days${dry_run:+, nothing copied}"
  exit
fi

lanes=()
while IFS= read -r account; do
  if ! lines=$(region_prefixes "$account"); then
    say "cannot list s3://$bucket/$account"
    failed=$((failed + 1))
    continue
  fi
  if [[ -n $lines ]]; then mapfile -t -O "${#lanes[@]}" lanes <<<"$lines"; fi
done <<<"$found"

[[ -n $dry_run ]] || mkdir -p -- "$target"

synced=0
running=0
for lane in "${lanes[@]}"; do
  for day in "${wanted[@]}"; do
    if ! is_safe "$lane$day"; then
      say "not copied, a name that no trail makes: $(printf '%q' "$lane")"
      failed=$((failed + 1))
      continue
    fi
    if ((running == jobs)); then
      wait -n || failed=$((failed + 1))
      running=$((running - 1))
    fi
    sync_day "$lane$day" &
    running=$((running + 1))
    synced=$((synced + 1))
  done
done
while ((running > 0)); do
  wait -n || failed=$((failed + 1))
  running=$((running - 1))
done

if ((failed > 0)); then
  say "$failed of the listings and copies failed: run again, nothing is copied twice"
  exit 1
fi
say "$from to $to: $synced folders of days below ${#lanes[@]} of regions${dry_run:+, nothing copied}"
