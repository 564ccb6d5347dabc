#!/bin/bash
# Sending pictures, films and files: what an agent attaches is what LINE asks
# for, where LINE fetches it, within limits, and gone when it is to be.
. "$(dirname "$0")/../lib.sh"
SIM_OPTS=--media-http
madod_port=$(free_port)
start_desk "server public_url = http://127.0.0.1:$madod_port" "server upload_max = 3M" "server upload_quota = 12M"
add_user boss supervisor
sign_in_api sato

# --- pictures, made here: a small PNG, a JPEG over 1 MB, and impostors
perl - "$T" <<'PERL'
use strict; use Compress::Zlib;
my $d = shift;
sub put { open my $f, '>:raw', "$d/$_[0]" or die; print $f $_[1]; close $f }
sub chunk { my ($t, $p) = @_; pack('N', length $p) . $t . $p . pack('N', crc32($t . $p)) }
sub png { my ($w, $h, $rows, $level) = @_;
	"\x89PNG\r\n\x1a\n" . chunk('IHDR', pack('NNCCCCC', $w, $h, 8, 2, 0, 0, 0)) .
	chunk('IDAT', compress($rows, $level)) . chunk('IEND', '') }
srand 7;
put 'small.png', png(40, 30, join('', map { "\0" . "\x20\x80\x40" x 40 } 1 .. 30), 9);
put 'large.png', png(900, 700, join('', map { "\0" . join('', map { chr int rand 256 } 1 .. 2700) } 1 .. 700), 0);
put 'bad.png', "\x89PNG\r\n\x1a\n" . chunk('IHDR', pack('NNCCCCC', 900, 700, 8, 2, 0, 0, 0)) . 'x' x 1_200_000;
put 'script.jpg', "#!/bin/sh\nrm -rf /\n";
put 'page.jpg', "<script>alert(1)</script>\n";
put 'program', "\x7fELF" . "\0" x 100;
put 'moving.gif', "GIF89a" . pack('vvCCC', 10, 10, 0, 0, 0) . "\x21\xff\x0bNETSCAPE2.0\3\1\0\0\0;";
put 'label.pdf', "%PDF-1.4\nlabel\n";
my $mvhd = pack('Na4NNNNN', 108, 'mvhd', 0, 0, 0, 1000, 12500) . "\0" x 80;
put 'film.mp4', pack('Na4a4N', 16, 'ftyp', 'isom', 0) . pack('Na4', 8 + length $mvhd, 'moov') . $mvhd . pack('Na4', 8 + 5000, 'mdat') . 'v' x 5000;
sub segment { my ($m, $p) = @_; pack('CCn', 0xff, $m, 2 + length $p) . $p }
put 'photo.jpg', "\xff\xd8" . segment(0xe1, "Exif\0\0MM\0*" . pack('NnnnNNN', 8, 1, 0x112, 3, 1, 6 << 16, 0) . "GPS 35.6895N") .
	segment(0xc0, pack('CnnCCCC', 8, 30, 40, 1, 1, 0x11, 0)) . segment(0xda, "x") . "image\xff\xd9GPS again";
put 'huge.bin', 'h' x 4_000_000;
PERL

say hanako "写真を送ってください"
has_written() { [ "$(db 'SELECT count(*) FROM conversation')" = 1 ]; }
eventually 20 "a customer has written" has_written
upload() { api -X POST --data-binary "@$T/$1" -H 'Content-Type: application/octet-stream' "/v1/uploads?name=$1"; }
# sim_got TYPE: the newest message of that type that hanako has received
got() { sim "[.customers[] | select(.name == \"hanako\") | .received[] | .message | select(.type == \"$1\")] | last"; }

# --- a picture
ok "a picture is sent" mado reply 1 --attach "$T/small.png" "こちらです" --wait
is "$(got image | jq -r .type)" image "LINE got a picture"
like "$(got image | jq -r .originalContentUrl)" "^http://127.0.0.1:$madod_port/m/[A-Za-z0-9_-]{43}\$" "by an address nobody can guess"
loaded() { [ "$(sim '[.media[] | select(.ok)] | length')" -ge "$1" ]; }
eventually 20 "the customer's app has loaded it and its preview" loaded 2
is "$(sim '[.customers[] | select(.name == "hanako") | .received[].message.type] | join(" ")' | tr -d '"')" "text image" "the text came first"
is "$(mado history 1 --json | jq -r 'select(.type == "image") | "\(.state) \(.text)"')" "sent [image small.png, 40x30 $(stat -c %s "$T/small.png") B]" "the history says what it was"
ok "it can be looked at later" sh -c "'$B/mado' media $(db "SELECT uid FROM message WHERE type=2") | cmp - '$T/small.png'"

# --- several at once, in their order
ok "two are sent by one reply" mado reply 1 --attach "$T/small.png" --attach "$T/label.pdf" "二つ" --wait
is "$(sim '[.customers[] | select(.name == "hanako") | .received[-3:][].message.type] | join(" ")' | tr -d '"')" "text image text" "in their order"
eventually 20 "the second picture is loaded" loaded 4

# --- a photograph does not say where it was taken
photo=$(upload photo.jpg | jq -r '.uploads[0].id')
ok "a photograph is kept" test -s "$T/desk/files/$photo"
is "$(grep -c GPS "$T/desk/files/$photo")" 0 "without the place"
like "$(od -An -v -tx1 "$T/desk/files/$photo" | tr -d ' \n')" '011200030000000100060000.*696d616765ffd9$' "which way is up stays, and the image"
api -X DELETE "/v1/uploads/$photo" >/dev/null

# --- a large one gets a preview under 1 MB
ok "a picture over 1 MB is sent" mado reply 1 --attach "$T/large.png" --wait
eventually 20 "with a preview that LINE takes" loaded 6
is "$(sim '[.media[] | select(.ok | not)] | length')" 0 "nothing was refused by the app"
like "$(curl -s "$(got image | jq -r .previewImageUrl)" | head -c 3 | od -An -tx1)" "ff d8 ff" "the preview is a JPEG"
like "$(curl -s -o /dev/null -D - "$(got image | jq -r .originalContentUrl)")" "nosniff" "strict headers"

# --- films, files, and what goes as a link
ok "a film is sent" mado reply 1 --attach "$T/film.mp4" --wait
is "$(got video | jq -r .type)" video "LINE got a film"
eventually 20 "and loaded it with its preview" loaded 8
film=$(got video | jq -r .originalContentUrl)
is "$(curl -s -r 4-7 -w ' %{http_code}' "$film")" "ftyp 206" "players get ranges"
is "$(curl -s -r -5 -w ' %{http_code}' "$film")" "vvvvv 206" "from the end, too"
is "$(curl -s -o /dev/null -r 99999999- -w '%{http_code}' "$film")" 416 "none outside"
ok "a file is sent" mado reply 1 --attach "$T/label.pdf" --wait
like "$(got text | jq -r .text | tr "\n" " ")" "^label.pdf http://127.0.0.1" "as a link with its name"
like "$(curl -s -o /dev/null -D - "$(got text | jq -r .text | tail -1)")" "attachment; filename\*=UTF-8''label.pdf" "that is saved, not shown"
like "$(upload moving.gif | jq -r '.uploads[0] | "\(.kind) \(.note)"')" "^file .*GIF.*as a link" "a GIF: said what happens"

# --- what is refused, each in a sentence
like "$(upload script.jpg | jq -r .detail)" "script.jpg is a program or a script" "a script named .jpg"
like "$(upload page.jpg | jq -r .detail)" "page.jpg is named like a picture" "a page named .jpg"
like "$(upload program | jq -r .detail)" "is a program" "a program"
like "$(upload huge.bin | jq -r .detail)" "larger than 3 MB" "too large"
like "$(printf '' | api -X POST --data-binary @- '/v1/uploads?name=empty.png' | jq -r .detail)" "no file was sent" "nothing"
like "$(upload bad.png | jq -r '.uploads[0] | "\(.kind) \(.note)"')" "^file .*preview" "a damaged picture goes as a link"
is "$(mado reply 1 --attach "$T/absent.png" 2>&1; echo $?)" "$(printf 'mado: %s/absent.png: No such file or directory\n1' "$T")" "a file that is not there"
out=$(mado reply 1 --attach "$T/script.jpg" "text" 2>&1)
is "$?" 2 "refused: nothing is sent"
is "$(db "SELECT count(*) FROM message WHERE text='text'")" 0 "not even the text"
is "$(curl -s -o /dev/null -w '%{http_code}' -X POST -d x "$madod_url/v1/uploads?name=x")" 401 "nobody else may bring files"
is "$(curl -s -o /dev/null -w '%{http_code}' "$madod_url/m/$(printf 'A%.0s' $(seq 43))")" 404 "a made-up token opens nothing"

# --- quota, erasure, expiry
for i in 1 2 3 4 5 6; do upload large.png >/dev/null; done
like "$(upload large.png | jq -r .detail)" "upload_quota" "the room is limited"
id=$(mado uploads --json | jq -r 'select(.name == "film.mp4") | .id')
is "$(mado uploads rm "$id" 2>&1; echo $?)" "$(printf 'mado: only a supervisor may erase a file that was sent, or somebody else'"'"'s\n3')" "an agent cannot erase what was sent"
sign_in boss 2>/dev/null
ok "a supervisor can" mado uploads rm "$id"
is "$(curl -s -o /dev/null -w '%{http_code}' "$film")" 410 "its link ends"
is "$(test -e "$T/desk/files/$id"; echo $?)" 1 "its bytes are gone"
is "$(mado history 1 --json | jq -r 'select(.type == "video") | .media.state')" gone "the history says so"
stop madod
sqlite3 "$T/desk/madod.db" "UPDATE file SET made_at=made_at-25*3600000 WHERE message IS NULL"
touch "$T/desk/files/01ARZ3NDEKTSV4RRFFQ69G5FAV"
start_madod
drafts_gone() { [ "$(db 'SELECT count(*) FROM file WHERE message IS NULL AND gone_at IS NULL')" = 0 ]; }
eventually 20 "drafts that nobody sent go after a day" drafts_gone
is "$(test -e "$T/desk/files/01ARZ3NDEKTSV4RRFFQ69G5FAV"; echo $?)" 1 "what a crash left over is swept"
is "$(curl -s "$(got image | jq -r .originalContentUrl)" | cmp - "$T/large.png"; echo $?)" 0 "what was sent stays, past a restart"
done_testing
