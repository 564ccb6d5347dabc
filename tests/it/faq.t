#!/bin/bash
# faq import and faq eval from the command line. FAQ_EVAL=1 measures all of
# the development data beside the project, which takes minutes.
. "$(dirname "$0")/../lib.sh"
d=$top/tests/data/faq
config
model=$T/desk/faq/main.faq

ok "an import with examples and negatives" madod faq import "$d/faq.tsv" \
    --examples "$d/examples.tsv" --negatives "$d/negatives.tsv"
like "$(cat "$T/ok.out")" '^main: 24 FAQs, 60 examples, 8 negatives' "it says what it found"
is "$(stat -c %a "$model")" 600 "the model is the owner's alone"
madod faq eval "$d/queries.tsv" --json >"$T/figures"
is "$(wc -l <"$T/figures")" 1 "the figures are one line"
is "$(jq -r 'keys_unsorted | join(" ")' "$T/figures")" \
    "queries in_scope answered right_of_answered right_of_answered_in_scope top1 top3 offered hit_of_offered out_of_scope_handed_over out_of_scope_offered auroc ms_p50 ms_p99" \
    "with the contract's names"
is "$(jq -c '[.queries, .in_scope]' "$T/figures")" "[32,25]" "and every query"
is "$(madod faq eval "$d/queries.tsv" --list | wc -l)" 32 "--list tells each"
printf '送料\tshipping_fee\n' >"$T/one.tsv"
is "$(madod faq eval "$T/one.tsv" --json | jq -c '[.out_of_scope_handed_over, .auroc]')" "[null,null]" "null where nothing is counted"

# the manual's table, with its line of titles
sed -n '/^\.Bd -literal$/,/^\.Ed/p' "$top/man/madoguchi-faq.5" | grep -v '^\.' >"$T/man.tsv"
like "$(head -1 "$T/man.tsv")" '^id	question' "the manual's table"
ok "is linted without a remark" madod faq lint "$T/man.tsv"

# mistakes leave the model
sum=$(sha256sum <"$model")
printf 'a\tquestion\n' >"$T/bad.tsv"
madod faq import "$T/bad.tsv" >"$T/out" 2>&1
is $? 2 "a broken file is refused"
like "$(cat "$T/out")" 'bad.tsv:1:3: ' "with line and column"
madod faq import "$T/none.tsv" >"$T/out" 2>&1
is $? 4 "a file that is not there"
madod faq import "$d/faq.tsv" --channel other >"$T/out" 2>&1
is $? 4 "a channel that is not there"
madod faq import >"$T/out" 2>&1
is $? 0 "no file at all: the last one anew"
is "$(sha256sum <"$model")" "$sum" "and what was there stays"

# Excel's way
awk -F'\t' '{ printf "\"%s\",\"%s\",\"%s\"\r\n", $1, $2, $3 }' "$d/faq.tsv" |
    iconv -f UTF-8 -t CP932 >"$T/excel.csv"
ok "Shift_JIS with commas" madod faq import "$T/excel.csv"
is "$(madod faq eval "$d/queries.tsv" --json | jq '.top3 >= 0.9')" true "is understood"

# while madod works
start_madod
ok "an import beside a madod that runs" madod faq import "$d/faq.tsv" --examples "$d/examples.tsv"
is "$(curl -s -o /dev/null -w '%{http_code}' "$madod_url/healthz")" 200 "which goes on"
stop madod

# a damaged model
head -c 1000 "$model" >"$T/cut"
cp "$T/cut" "$model"
madod faq eval "$d/queries.tsv" >"$T/out" 2>&1
is $? 1 "half a model is refused"
like "$(cat "$T/out")" 'main.faq: ' "by name"

# figures on public data: set, filter, wanted of them
dev=$top/../shared/faq-dev
measure() {
	local name
	if [ ! -e "$dev/$1/faq.tsv" ]; then
		pass "$1 # SKIP no $1 beside the project"
		return
	fi
	madod faq import "$dev/$1/faq.tsv" --examples "$dev/$1/examples.tsv" >/dev/null
	madod faq eval "$dev/$1/queries.tsv" --json >"$T/figures"
	diag "$1 $(cat "$T/figures")"
	is "$(jq "$2" "$T/figures")" true "$1: $2"
}
measure ja_xsid '.top1 >= 0.90'
measure zh_xsid '.top1 >= 0.87'
measure en_hint3_curekart '.right_of_answered_in_scope >= 0.95 and .right_of_answered >= 0.85 and .out_of_scope_handed_over >= 0.95 and .answered >= 0.2'
if [ -n "${FAQ_EVAL:-}" ]; then
	measure en_clinc150_10shot '.top1 >= 0.76 and .right_of_answered >= 0.9'
	measure en_banking77 '.top1 >= 0.895 and .right_of_answered >= 0.9'
	measure en_clinc150 '.top1 >= 0.91 and .auroc >= 0.95 and .answered >= 0.8 and .right_of_answered >= 0.9 and .out_of_scope_handed_over >= 0.75'
fi
done_testing
