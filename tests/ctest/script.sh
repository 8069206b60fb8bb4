#!/bin/sh
# script.sh WORD ACTOR [ARG...]: starts the program, as a test of its own would.
#
#   own      with the options that it was given
#   replace  with TSAN_OPTIONS of its own
#   inner    within another shell
set -u
word=$1
shift
case $word in
own) "$@" ;;
replace) TSAN_OPTIONS=exitcode=0 "$@" ;;
inner) sh -c '"$@"; exit $?' inner "$@" ;;
*) exit 2 ;;
esac
