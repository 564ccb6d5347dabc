# madoguchi: one non-recursive GNU Makefile. `make help` lists the targets.
# Sources are found by wildcard: a new .c file needs no line here.

VERSION  = 0.1.0
PREFIX  ?= /usr/local
CC      ?= cc
MODE    ?= release
V       ?= 0

PROGS    = mado madod madosim
PKGS     = libevent libevent_openssl libevent_pthreads openssl libcurl \
           libcjson libsodium sqlite3 libutf8proc
PKGS_mado = ncursesw readline
SUITE   ?=

ifeq ($(MODE),asan)
  B      = build/asan
  OPT    = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined \
           -fno-omit-frame-pointer
  LDOPT  = -fsanitize=address,undefined
else ifeq ($(MODE),cov)
  B      = build/cov
  OPT    = -O0 -g --coverage
  LDOPT  = --coverage
else
  B      = build
  OPT    = -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong
  LDOPT  = -Wl,-z,relro,-z,now
endif

WARN     = -Wall -Wextra -Wshadow -Wmissing-prototypes -Wstrict-prototypes \
           -Wpointer-arith -Wformat=2 -Wvla -Werror
CPPFLAGS += -Iinclude -D_GNU_SOURCE -DMADO_VERSION='"$(VERSION)"' \
           -DMADO_PREFIX='"$(PREFIX)"'
CFLAGS_ALL = -std=c11 $(OPT) $(WARN) $(CFLAGS)
LIBS     = $(shell pkg-config --libs $(PKGS)) -lpthread

ifeq ($(V),0)
  Q      = @
  say    = @printf '  %-5s %s\n' $(1) $(2);
endif

LIB_SRC  = $(wildcard src/lib/*.c)
LIB_OBJ  = $(LIB_SRC:%.c=$(B)/%.o)
obj_of   = $(patsubst %.c,$(B)/%.o,$(wildcard src/$(1)/*.c))
UNIT     = $(patsubst tests/unit/%.c,$(B)/tests/unit/%,$(wildcard tests/unit/test_*.c))
FUZZ     = $(patsubst tests/fuzz/%.c,$(B)/fuzz/%,$(wildcard tests/fuzz/*.c))
MO       = $(patsubst src/po/%.po,$(B)/locale/%/LC_MESSAGES/madoguchi.mo,$(wildcard src/po/*.po))

.DEFAULT_GOAL = all
all: $(PROGS:%=$(B)/%) $(MO) ## build build/mado, build/madod, build/madosim (MODE=asan|cov)

# Debian packages. The build's, and what the tests need on top of them.
DEPS       = gcc libc6-dev make pkg-config libevent-dev libssl-dev \
             libcurl4-openssl-dev libcjson-dev libsodium-dev libsqlite3-dev \
             libutf8proc-dev libncurses-dev libreadline-dev gettext
DEPS_CHECK = libcmocka-dev tmux perl jq curl sqlite3 openssl mandoc nodejs npm \
             unicode-data procps
DEPS_LINT  = clang clang-format clang-tidy cppcheck

$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS_ALL) $(PKGCFLAGS) -MMD -MP -c -o $@ $<

PKGCFLAGS := $(shell pkg-config --cflags $(PKGS) $(PKGS_mado) 2>/dev/null)

$(B)/libmado.a: $(LIB_OBJ)
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar rcs $@ $^

define prog
$(B)/$(1): $(call obj_of,$(1)) $(B)/libmado.a
	$$(call say,LD,$$@)
	$$(Q)$$(CC) $$(LDOPT) $$(LDFLAGS) -o $$@ $$^ $$(LIBS) \
	    $$(if $$(PKGS_$(1)),$$(shell pkg-config --libs $$(PKGS_$(1))))
endef
$(foreach p,$(PROGS),$(eval $(call prog,$(p))))

# A unit test links the library, and of a program what it asks for by
# #include of the .c file it looks into.
$(B)/tests/unit/%: tests/unit/%.c $(B)/libmado.a
	@mkdir -p $(@D)
	$(call say,TEST,$<)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS_ALL) $(PKGCFLAGS) -MMD -MP -Wno-unused-function \
	    $(LDOPT) -o $@ $< $(B)/libmado.a $(LIBS) \
	    $$(pkg-config --libs cmocka $(PKGS_mado))

$(B)/locale/%/LC_MESSAGES/madoguchi.mo: src/po/%.po
	@mkdir -p $(@D)
	$(call say,MO,$<)
	$(Q)msgfmt --check -o $@ $<

-include $(wildcard $(B)/src/*/*.d $(B)/tests/*/*.d)
