#!/bin/bash
# Files and cards by keys: a picture's page, a file of this machine, one chosen
# on a page, a reply that leaves later, what the shop knows.
. "$(dirname "$0")/lib.sh"
SIM_OPTS=--media-http
madod_port=$(free_port)
printf '#!/bin/sh\nprintf "status\\tshipped\\n"\n' >"$T/orders"
chmod +x "$T/orders"
printf '%%PDF-1.4\nlabel\n' >"$T/label.pdf"
start_desk "server public_url = http://127.0.0.1:$madod_port" "push = hold" '[card orders]' "run = $T/orders" \
    '[link order]' 'pattern = "[A-Z]{2}-([0-9]+)"' 'url = https://shop.example.jp/{1}'
sign_in_api sato
sim_say() { curl -sf -d "$1" "$madosim_url/sim/say" >/dev/null; }
sim_say '{"user":"hanako","text":"AB-123456 はまだですか"}'
sim_say '{"user":"hanako","image":""}'
kept() { [ "$(db "SELECT count(*) FROM message WHERE media_state='kept'")" = 1 ]; }
until_true 20 kept
inbox 120x32
eventually 20 "the inbox shows who waits" sees hanako
keys Enter
eventually 20 "the shop's card stands with the contact" sees 'status: shipped'
eventually 20 "and the order as a link" sees '│ AB-123456'
keys O
eventually 20 "O shows the picture's page" sees 'u/[A-Za-z0-9_-]{40}'
eventually 20 "with its QR code" sees '█▀▀▀▀▀█'
url=$(screen | grep -oE "http://127.0.0.1:$madod_port/u/[A-Za-z0-9_-]{40}" | head -1)
is "$(curl -s -o /dev/null -w '%{http_code}' "$url")" 200 "the address opens"
keys q
eventually 20 "q closes it" eval '! sees "█▀▀▀▀▀█"'
keys :; text "attach $T/label.pdf"; keys Enter
eventually 20 "attach puts a mark into the draft" sees 'label.pdf is in the draft|as a link'
keys :; text upload; keys Enter
eventually 20 "upload shows a page" sees 'Choose files'
url=$(screen | grep -oE "http://127.0.0.1:$madod_port/u/[A-Za-z0-9_-]{40}" | head -1)
echo notes >"$T/notes.txt"
is "$(curl -s -o /dev/null -w '%{http_code}' -F "file=@$T/notes.txt" "$url")" 200 "a file is chosen on it"
keys r
eventually 20 "both are in the reply" sees 'file:[0-9A-Z]+ notes.txt'
ok "and both marks" sees 'file:[0-9A-Z]+ label.pdf'
keys C-g
keys :; text "at 2h"; keys Enter
keys r
eventually 20 "it is to leave later" sees 'leaves [0-9]'
held() { [ "$(db "SELECT count(*) FROM outbox WHERE send_at IS NOT NULL")" = 2 ]; }
# Enter may be refused for a moment: what has come in is to be read first
enter() { held || { keys Enter; sleep 0.5; held; }; }
eventually 20 "both are kept until then" enter
eventually 20 "as files" sees 'link notes.txt'
keys C-g
leave q q
done_testing
