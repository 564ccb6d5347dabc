#!/bin/bash
# An agent's hour at 120x32 in English: character by character.
. "$(dirname "$0")/hour.sh"
golden=en
hour en 120x32 TERM=xterm-256color
