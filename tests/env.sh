# Sourced first by tests/run and tests/lib.sh: what a person, a CI or a hook of
# git has set must change nothing that tests see (EDITOR, INPUTRC, LINES, TMUX,
# GIT_DIR, MAKEFLAGS, SSH_CONNECTION ..). What is kept is listed here.
for v in $(compgen -e); do
	case $v in
	PATH | HOME | USER | LOGNAME | SHELL | TERM | TMPDIR) ;;
	MODE | JOBS | KEEP | GOLDEN | ROUNDS | FAQ_EVAL | BARE_ROOT) ;;
	REPEATS | SECS | CONVERSATIONS | MESSAGES | PEER_ROWS | SEARCHED | TIMES | BURST | BURST_RATE) ;;
	*SAN_OPTIONS | CMOCKA_* | HARNESS_* | LD_* | SSL_CERT_*) ;;
	http_proxy | https_proxy | HTTPS_PROXY | npm_config_*) ;;
	*) unset -v "$v" 2>/dev/null ;;
	esac
done
unset -v v
export TZ=Asia/Tokyo LC_ALL=C.UTF-8 MADO_FAST_PASSWORDS=1
export no_proxy=127.0.0.1,localhost
