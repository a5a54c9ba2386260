# What sync-days.sh and sync-queue.sh share: how a bucket is reached, and how objects get to a mirror.
# To be sourced by bash; `me` is the name of the script, and variables are named after its options. rclone or
# the AWS CLI do the work.
# shellcheck shell=bash disable=SC2034,SC2154

say() { printf '%s: %s\n' "$me" "$*" >&2; }

wrong() {
  say "$*"
  say "see $me.sh --help"
  exit 64
}

need() {
  command -v "$1" >/dev/null && return
  case $1 in
    aws) say 'the AWS CLI is not installed: https://aws.amazon.com/cli/' ;;
    rclone) say 'rclone is not installed: https://rclone.org/install/' ;;
    *) say "not found: $1" ;;
  esac
  exit 69
}

# Sets `tool` where none was asked for, and tells it what the user told the AWS CLI.
use_tool() {
  if [[ -z $tool ]]; then
    tool=aws
    if command -v rclone >/dev/null; then tool=rclone; fi
  fi
  [[ $tool == aws || $tool == rclone ]] || wrong "--tool: neither aws nor rclone: $tool"
  need "$tool"
  export AWS_PAGER=''
  # rclone gets its remote from these; what a user's configuration file says does not count.
  export RCLONE_CONFIG='' RCLONE_S3_ENV_AUTH=true
  export RCLONE_S3_REGION=${AWS_REGION:-${AWS_DEFAULT_REGION:-}}
  export RCLONE_S3_ENDPOINT=${AWS_ENDPOINT_URL_S3:-${AWS_ENDPOINT_URL:-}}
  export RCLONE_S3_PROVIDER=AWS
  [[ -z $RCLONE_S3_ENDPOINT ]] || RCLONE_S3_PROVIDER=Other
  payer=()
  if [[ -n $requester_pays ]]; then
    export RCLONE_S3_REQUESTER_PAYS=true
    payer=(--request-payer requester)
  fi
}

# Runs rclone. Under its AWS name, rclone 1.60 stops at a bundle of certificates.
s3() {
  (
    if [[ -n ${AWS_CA_BUNDLE:-} ]]; then
      export RCLONE_CA_CERT=$AWS_CA_BUNDLE
      unset AWS_CA_BUNDLE
    fi
    exec rclone "$@"
  )
}

# rclone takes empty folders out of the place that it copies from, and finds nothing there.
need_plain_place() {
  [[ $tool == aws || /$1 != *//* ]] \
    || wrong "an empty folder in s3://$bucket/$1 needs --tool aws: rclone finds nothing there"
}

# Sets `bucket`, `above` (the prefix of the mirror's own place, with a slash), `address` (that place) and
# `target` from the job, where options have not, and `new`, the command that says what is new.
use_job() {
  local name url path found=''
  need "$trailmerge"
  while IFS=$'\t' read -r name url path; do
    if [[ -z $input || $name == "$input" ]]; then
      [[ -z $found ]] || wrong "$job has several inputs: say with --input which one is meant"
      found=$name
      target=${target:-$path}
      # The job's own address is the one by which keys are compared.
      address=$url
    fi
  done < <("$trailmerge" new "$job" --inputs)
  wait $! || exit
  [[ -n $found ]] || wrong "$job has no input ${input:-at all}"
  new=("$trailmerge" new "$job" --input-name "$found")
  if [[ -n $address ]]; then
    local place=${address#*://}
    place=${place%/}
    [[ -z $bucket || $bucket == "${place%%/*}" ]] || wrong "--bucket $bucket is not that of $address"
    bucket=${place%%/*}
    if [[ $place == */* ]]; then above=${place#*/}/; fi
  fi
  [[ -n $bucket ]] || wrong "the input $found of $job has no url: add it, or use --bucket"
}

# Copies the objects to the mirror that the lines of a file name, by their paths below it. Objects that
# are not there any more are passed over. Returns 1 if anything could not be copied; it is called in
# conditions, into which `set -e` does not reach.
#
# rclone's second argument: how to find them. By listing folders, which costs a request for each folder
# on the way and none for an object; or one by one (--no-traverse), a HEAD request each. Times are the
# server's: rclone's own would cost a request an object.
fetch() {
  local keys=$1 how=${2:-} status=0
  mkdir -p -- "$target" || return 1
  if [[ $tool == aws ]]; then
    fetch_by_folder <"$keys" || status=1
  else
    s3 copy ":s3:$bucket/$above" "$target" --files-from-raw "$keys" --use-server-modtime \
      --transfers "$jobs" --checkers "$((jobs * 4))" ${how:+"$how"} || status=1
    # With an empty folder in its name rclone finds an object one by one only.
    if [[ -z $how ]] && grep -q // "$keys"; then
      grep // "$keys" | s3 copy ":s3:$bucket/$above" "$target" --files-from-raw - \
        --use-server-modtime --no-traverse || status=1
    fi
  fi
  return "$status"
}

# The AWS CLI is started once for the keys of a folder, at most 500 at a time. Where one folder fails, the
# others are fetched all the same.
fetch_by_folder() {
  local key folder='' names=() status=0
  while IFS= read -r key; do
    if [[ ${key%/*}/ != "$folder" || ${#names[@]} -ge 1000 ]]; then
      fetch_names "$folder" "${names[@]}" || status=1
      folder=${key%/*}/ names=()
      [[ $key == */* ]] || folder=''
    fi
    names+=(--include "$(pattern "${key#"$folder"}")")
  done
  fetch_names "$folder" "${names[@]}" || status=1
  return "$status"
}

# A name as a pattern of the AWS CLI that fits nothing else.
pattern() {
  local text=${1//\[/[[]}
  text=${text//\*/[*]}
  printf '%s' "${text//\?/[?]}"
}

# Exact timestamps: a copy that was changed here, or cut off, is fetched again.
fetch_names() {
  local folder=$1
  shift
  (($# == 0)) || aws s3 sync "s3://$bucket/$above$folder" "$target/$folder" --only-show-errors \
    --exact-timestamps "${payer[@]}" --exclude '*' "$@"
}
