#!/bin/bash
# An agent's hour at 120x32 in Japanese, on a system without that locale.
. "$(dirname "$0")/hour.sh"
golden=ja
hour ja 120x32 LC_ALL= LANG=ja_JP.UTF-8 TERM=tmux-256color
