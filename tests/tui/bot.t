#!/bin/bash
# The bot beside an agent, by keys: its answer in grey and taken, why it did
# what it did, another FAQ named, and the same question answered after an import.
. "$(dirname "$0")/lib.sh"
d=$top/tests/data/faq
start_desk
madod faq import "$d/faq.tsv" --examples "$d/examples.tsv" --negatives "$d/negatives.tsv" >/dev/null
until_true 20 grep -q . "$T/desk/faq/main.faq"
got() { sim ".customers[]|select(.name==\"$1\")|[.received[]|.message.text]|join(\"|\")" | tr -d '"'; }
has_got() { case $(got "$1") in *"$2"*) true;; *) false;; esac; }
conv_is() { [ "$(mado show "$1" --json | jq -r "$2")" = "$3" ]; }

# the customer asks what nobody has an answer for, then what the bot knows
say hanako '人生の意味とは'
until_true 20 conv_is 1 .mode manual
inbox 120x32
eventually 20 "the inbox shows who waits" sees 'hanako'
keys Enter
eventually 20 "handed over, with the score" sees 'FAQ score 0\.[0-9]+ < 0\.'
ok "quoting the question" sees '> 人生の意味とは'
ok "and with what was likely" sees 'best guesses: '

# why, and which FAQ it is
keys w
eventually 20 "w says why" sees 'handed over to people, by the FAQs'
ok "with thresholds" sees 'answers from 0\.'
ok "and runners-up" sees '2\. 0\.'
keys w
eventually 20 "w closes it" eval "! sees 'runners|answers from 0'"
keys : ; text 'faq right holiday'; keys Enter
eventually 20 "an agent names the FAQ" sees 'FAQ holiday is noted'
eventually 20 "its answer is the reply to be" sees '> 毎週水曜日と年末年始'
keys C-u C-g

# beside people
say hanako '駐車場ありますか？'
eventually 20 "what the bot would say stands on the empty line" sees 'FAQ 駐車場はありますか [0-9]+%, Right takes it: 専用の'
keys r
eventually 20 "also when it is open" sees '>.*Right takes it'
keys Right
eventually 20 "Right takes it" sees '> 専用の駐車場はございません'
keys C-u
eventually 20 "which can be undone" sees 'Right takes it'
keys C-e
eventually 20 "Ctrl-E takes it too" sees '> 専用の駐車場はございません'
enters "it is sent as one's own" 専用
keys Enter
eventually 20 "and reaches the customer" has_got hanako 専用の駐車場
keys C-g
eventually 20 "answered, it is suggested no more" conv_is 1 .suggestion null
leave q q

# learned
ok "what was said is taken" madod faq review --take all
ok "and learned" madod faq import
say jiro '人生の意味とは'
eventually 20 "the same question is answered" has_got jiro '毎週水曜日と年末年始'
stop madod
done_testing
