#!/bin/bash
# An agent's hour on a VT100 where no locale is set, lines drawn in ASCII.
. "$(dirname "$0")/hour.sh"
ascii=1
hour vt100 120x32 LC_ALL=C TERM=vt100
