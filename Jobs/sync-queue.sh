#!/usr/bin/env bash
# Fetches the CloudTrail files that the messages of an SQS queue tell of, and runs the job on them.
#
# A trail's SNS topic, the bucket's own notifications or EventBridge feed the queue. Messages are deleted
# only after the commit that has their files, so that a script that is killed at any step loses nothing: what
# it had comes again. Run `sync-queue.sh --help` for how.
set -euo pipefail
me=sync-queue
# shellcheck source=bucket.sh
source "$(dirname "${BASH_SOURCE[0]}")/bucket.sh"

usage() {
  cat <<'EOF'
Usage: sync-queue.sh --job FILE --queue URL [option…] [-- FLAG…]

Takes messages from the queue, fetches the files that they tell of and that the job's dataset does not have,
runs the job, and deletes the messages after its commit; again, until the queue is empty. Bucket and mirror
are the url and the path of the job's input.

  --job FILE         the job file
  --queue URL        the queue's URL
  --input NAME       the input that is meant, for a job with several
  --bucket NAME      the bucket, for an input without a url
  --target DIR       the mirror, for other than the input's own path
  --aside DIR        where messages go that cannot be used (default: the mirror's path and .aside)
  --messages N       at most so many in one round (default: 1000)
  --wait SECONDS     how long to wait for messages, 0 to 20 (default: 20)
  --hold SECONDS     how long nobody else gets a message; longer than a round takes (default: 3600)
  --follow           go on when the queue is empty
  --empty            after each commit remove from the mirror what the dataset has
  --tool aws|rclone  what fetches (default: rclone where it is installed, else aws)
  --jobs N           fetches at a time (default: 4)
  --requester-pays   the bucket's owner lets those pay who ask
  --trailmerge PATH  the command (default: trailmerge)
  --help             this text

What follows -- goes to trailmerge run. The AWS CLI talks to the queue, with the permissions to receive and
to delete.

A message that cannot be understood, that tells of no object of the input, of one that is not there, or of a
key that no mirror may have is put aside as a file of its own, named, and then deleted: the others go on.
Several of these scripts may share a queue and a mirror: the job's lock lets one run at a time.

EXIT STATUSES:
  0    the queue is empty, and the dataset has all that it told of
  1    something failed: messages that are not deleted come again after --hold
  3    messages were put aside, or input files failed: they are named
  4    integrity, as trailmerge run has it
  11   another run holds the lock: the messages come again
  64   wrong usage
  69   a tool is not installed
EOF
}

bucket='' target='' job='' input='' queue='' aside='' messages=1000 wait=20 hold=3600 follow='' empty=''
tool='' jobs=4 trailmerge=trailmerge requester_pays='' address='' above='' run_flags=()

while (($#)); do
  case $1 in
    --bucket | --target | --job | --input | --queue | --aside | --messages | --wait | --hold | --tool | \
      --jobs | --trailmerge)
      (($# > 1)) || wrong "$1 needs a value"
      printf -v "${1#--}" '%s' "$2"
      shift 2
      ;;
    --requester-pays) requester_pays=yes && shift ;;
    --follow) follow=yes && shift ;;
    --empty) empty=yes && shift ;;
    --help) usage && exit 0 ;;
    --) shift && run_flags=("$@") && break ;;
    *) wrong "unknown argument: $1" ;;
  esac
done

[[ -n $job ]] || wrong '--job is missing'
[[ -n $queue ]] || wrong '--queue is missing'
[[ $jobs =~ ^[1-9][0-9]{0,2}$ ]] || wrong "--jobs: not a number from 1 to 999: $jobs"
[[ $messages =~ ^[1-9][0-9]{0,5}$ ]] || wrong "--messages: not a number from 1 to 999999: $messages"
[[ $wait =~ ^(1?[0-9]|20)$ ]] || wrong "--wait: not a number from 0 to 20: $wait"
[[ $hold =~ ^[0-9]{1,5}$ && $hold -le 43200 ]] || wrong "--hold: not a number from 0 to 43200: $hold"
use_tool
need aws
use_job
need_plain_place "$above"
aside=${aside:-$target.aside}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# How it ends, all in all: 4 is graver than 3. `failed` is set where messages stay in the queue.
ending=0 failed=''
end_with() { if (($1 > ending)); then ending=$1; fi; }

# Runs the job; leaves where nothing was committed.
run_job() {
  local status=0
  "$trailmerge" run "$job" --quiet "${run_flags[@]}" 2>"$work/report" || status=$?
  cat "$work/report" >&2
  case $status in
    0 | 3) ;;
    # Nothing new, or nothing fresh, which the job has keys to report: the messages need no other answer.
    5) status=0 ;;
    4) head -n 1 "$work/report" | grep -q ', committed$' || exit 4 ;;
    *) exit "$status" ;;
  esac
  end_with "$status"
}

# The AWS CLI 1 does not ask AWS_ENDPOINT_URL where queues are.
sqs() {
  local command=$1 endpoint=${AWS_ENDPOINT_URL_SQS:-${AWS_ENDPOINT_URL:-}}
  shift
  aws sqs "$command" --queue-url "$queue" ${endpoint:+--endpoint-url "$endpoint"} --output text "$@"
}

# Writes messages to `received`, each a line of its id, its receipt handle and itself as JSON, with tabs
# between; returns 1 if there are none.
receive() {
  : >"$work/received"
  while (($(wc -l <"$work/received") < messages)); do
    sqs receive-message --max-number-of-messages 10 --wait-time-seconds "$wait" \
      --visibility-timeout "$hold" \
      --query 'Messages[].[MessageId, ReceiptHandle, to_string(@)]' >"$work/some"
    if [[ ! -s $work/some || $(<"$work/some") == None ]]; then break; fi
    cat "$work/some" >>"$work/received"
  done
  [[ -s $work/received ]]
}

# Puts a message aside, and says why. It may then be deleted: its file is on the disk.
put_aside() {
  local id=${1//[^A-Za-z0-9-]/_} message=$2 why=$3
  mkdir -p -- "$aside"
  printf '%s\n' "$message" >"$aside/.$id"
  sync "$aside/.$id"
  mv -- "$aside/.$id" "$aside/$id.json"
  sync "$aside"
  say "message $id is put aside in $aside: $why"
  end_with 3
}

# Sorts out messages that cannot be used; the others go to `usable`, and the keys that those that cannot be
# used as a whole have all the same to `rest`. The dataset is not asked: what is wrong is the message's fault.
understand() {
  local id handle message status=0
  : >"$work/rest"
  cut -f 3 "$work/received" >"$work/usable"
  # Not quiet: only then it says that objects are of no input.
  "${new[@]}" --print all "$work/usable" >"$work/all" 2>"$work/problems" || status=$?
  ((status > 0)) || grep -q ' of no input, such as ' "$work/problems" || return 0
  if ((status > 1)); then
    cat "$work/problems" >&2
    exit "$status"
  fi
  : >"$work/usable"
  while IFS=$'\t' read -r id handle message; do
    status=0
    "${new[@]}" --print all --quiet - <<<"$message" >"$work/all" 2>"$work/problems" || status=$?
    case $status in
      0) printf '%s\n' "$message" >>"$work/usable" ;;
      1)
        # Whatever else went wrong is not the message's fault.
        grep -qE 'standard input line|no key is of' "$work/problems" \
          || { cat "$work/problems" >&2 && exit 1; }
        cat "$work/all" >>"$work/rest"
        put_aside "$id" "$message" "$(head -n 1 "$work/problems")"
        ;;
      *) cat "$work/problems" >&2 && exit "$status" ;;
    esac
  done <"$work/received"
}

# Writes to `keys` what is to be fetched. The keys of `rest` are paths below the mirror.
choose() {
  local base=()
  if [[ -n $address ]]; then base=(--base "$address"); fi
  "${new[@]}" "${base[@]}" --quiet "$work/usable" "$work/rest" >"$work/keys"
}

# Writes to `all` the keys of a message that can be used; whatever else it has was named before.
keys_of() {
  "${new[@]}" --print all --quiet - <<<"$1" >"$work/all" 2>"$work/problems" || (($? == 1))
}

# Writes the wanted keys that the mirror has to `there`, the others to `missing`.
look() {
  local key
  : >"$work/there"
  : >"$work/missing"
  while IFS= read -r key; do
    if [[ -f $target/$key ]]; then
      printf '%s\n' "$key" >>"$work/there"
    else
      printf '%s\n' "$key" >>"$work/missing"
    fi
  done <"$work/keys"
}

# Fetches what is wanted. Where something cannot be fetched, the messages that tell of it go from `received`
# to `kept`; they are not deleted.
fetch_wanted() {
  local id handle message
  look
  cp -- "$work/there" "$work/before"
  if fetch "$work/keys" --no-traverse; then
    look
    miss
    return
  fi
  failed=yes
  look
  # What was there before may be an older copy.
  cat "$work/before" >>"$work/missing"
  mv -- "$work/received" "$work/all-received"
  : >"$work/received"
  while IFS=$'\t' read -r id handle message; do
    keys_of "$message"
    if grep -qFxf "$work/missing" "$work/all"; then
      printf '%s\n' "$id" >>"$work/kept"
    else
      printf '%s\t%s\t%s\n' "$id" "$handle" "$message" >>"$work/received"
    fi
  done <"$work/all-received"
}

# Puts messages aside that tell of objects which are not in the bucket.
miss() {
  local id handle message key
  [[ -s $work/missing ]] || return 0
  # Nothing is in a bucket that cannot be found or listed: that is no fault of a message.
  if ! aws s3api list-objects-v2 --bucket "$bucket" --prefix "$above" --max-items 1 "${payer[@]}" \
    >/dev/null; then
    say "cannot list s3://$bucket/$above"
    exit 1
  fi
  while IFS=$'\t' read -r id handle message; do
    [[ ! -e $aside/$id.json ]] || continue
    keys_of "$message"
    if key=$(grep -m 1 -Fxf "$work/missing" "$work/all"); then
      put_aside "$id" "$message" "not in the bucket: $key"
    fi
  done <"$work/received"
}

# Deletes the messages of the round; those that are not deleted come again, and are known then.
delete() {
  local id handle message entries='' count=0
  while IFS=$'\t' read -r id handle message; do
    entries+="${entries:+,}{\"Id\":\"$count\",\"ReceiptHandle\":\"$handle\"}"
    count=$((count + 1))
    if ((count == 10)); then
      delete_entries "$entries"
      entries='' count=0
    fi
  done <"$work/received"
  [[ -z $entries ]] || delete_entries "$entries"
}

delete_entries() {
  local failures
  failures=$(sqs delete-message-batch --entries "[$1]" --query 'Failed[].[Code, Message]')
  [[ -z $failures || $failures == None ]] || say "messages are not deleted: $failures"
}

# Removes from the mirror what the dataset has, of earlier rounds too.
empty_mirror() {
  local base=() status=0
  if [[ -n $address ]]; then base=(--base "$address"); fi
  find "$target" -type f -printf '%P\n' >"$work/files"
  "${new[@]}" "${base[@]}" --print known --quiet "$work/files" >"$work/known" 2>"$work/problems" || status=$?
  if ((status > 1)); then
    cat "$work/problems" >&2
    exit "$status"
  fi
  (cd "$target" && xargs -r -d '\n' rm -f --) <"$work/known"
}

# What an earlier one left that was killed: files in the mirror, and perhaps a commit that has begun.
mkdir -p -- "$target"
if [[ -n $(find "$target" -type f -print -quit) ]]; then
  run_job
  [[ -z $empty ]] || empty_mirror
fi

total=0
while true; do
  if receive; then
    : >"$work/kept"
    understand
    choose
    if [[ -s $work/keys ]]; then
      fetch_wanted
      run_job
    fi
    delete
    [[ -z $empty ]] || empty_mirror
    total=$((total + $(wc -l <"$work/received")))
    if [[ -s $work/kept ]]; then
      say "messages stay in the queue whose objects cannot be fetched: $(wc -l <"$work/kept")"
      # Where none could be deleted, the next round is hardly better.
      [[ -s $work/received ]] || break
    fi
  elif [[ -z $follow ]]; then
    break
  fi
done
((ending == 0)) || say "$total messages; see above, or the report of the run"
[[ -z $failed || $ending == 4 ]] || exit 1
exit "$ending"
