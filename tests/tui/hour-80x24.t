#!/bin/bash
# An agent's hour at 80x24, two panes without boxes, in Japanese.
. "$(dirname "$0")/hour.sh"
hour 80x24 80x24 LC_ALL= LANG=ja_JP.UTF-8 TERM=xterm
