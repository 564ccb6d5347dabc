#!/bin/bash
# An agent's hour on the Linux console, lines drawn in ASCII.
. "$(dirname "$0")/hour.sh"
ascii=1
hour linux 80x24 TERM=linux
