#!/bin/sh
# The job with zcat, jq and sort. Needs: jq, GNU sort, any awk.
#
# usage: shell_job.sh CORPUS OUT
#
# Two halves of the files are read at once, each sorted by itself and merged in the end. jq cannot
# copy a record's text: it parses and prints it again. Line breaks in CSV cells become spaces, for
# sort works on lines.
set -eu
here=$(dirname "$0")
corpus=$1
out=$2
mkdir -p "$out"
export LC_ALL=C
tab=$(printf '\t')
columns=$(python3 -c "import sys; sys.path.insert(0, '$here')
from columns import COLUMNS
print(','.join('.' + c for c in COLUMNS))")

find "$corpus" -name '*.json.gz' | sort | split -n r/2 - "$out/list."
half() {
  xargs zcat <"$out/list.$1" |
    jq -r ".Records[] | [.recipientAccountId, .awsRegion, .eventTime[:10], .eventTime, .eventID,
      ([$columns] | map(if type == \"string\" or . == null then . else tojson end)
        | map(if . != null and test(\"[\\t\\r\\n]\") then gsub(\"[\\t\\r\\n]\"; \" \") else . end)
        | @csv), tojson] | join(\"\\t\")" |
    sort -t "$tab" -k1,5 -S 25% >"$out/half.$1"
}
half aa &
first=$!
half ab
wait $first
sort -m -t "$tab" -k1,5 "$out/half.aa" "$out/half.ab" |
  awk -F '\t' -v out="$out" -v header="$(echo "$columns" | sed 's/^\.//; s/,\./,/g')" '
    {
      place = "account=" $1 "/region=" $2 "/dt=" $3
      if (place != last) {
        if (last != "") { close(ndjson); close(csv) }
        system("mkdir -p " out "/ndjson/" place " " out "/csv/" place)
        ndjson = out "/ndjson/" place "/part.ndjson"
        csv = out "/csv/" place "/part.csv"
        print header >csv
        last = place
        id = ""
      }
      if ($5 == id) next
      id = $5
      print $7 >ndjson
      print $6 >csv
    }'
rm "$out"/list.* "$out"/half.*
