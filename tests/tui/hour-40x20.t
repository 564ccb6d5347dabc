#!/bin/bash
# An agent's hour at 40x20, a phone over SSH: one pane at a time.
. "$(dirname "$0")/hour.sh"
hour 40x20 40x20 LC_ALL= LANG=ja_JP.UTF-8 TERM=xterm-256color
