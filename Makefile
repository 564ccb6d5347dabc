# madoguchi: one non-recursive GNU Makefile. `make help` lists the targets.
# Sources are found by wildcard: a new .c file needs no line here.

VERSION  = 0.1.0
PREFIX  ?= /usr/local
CC      ?= cc
MODE    ?= release
V       ?= 0

PROGS    = mado madod madosim
PKGS     = libevent libevent_openssl libevent_pthreads openssl libcurl \
           libcjson libsodium sqlite3 libutf8proc libqrencode
PKGS_mado = ncursesw readline chafa libjpeg libpng
PKGS_madod = libjpeg libpng
SUITE   ?=

ifeq ($(MODE),asan)
  B      = build/asan
  OPT    = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined \
           -fno-omit-frame-pointer
  LDOPT  = -fsanitize=address,undefined
else ifeq ($(MODE),cov)
  B      = build/cov
  # without an optimiser gcc takes clamped numbers in snprintf() for long ones
  OPT    = -O0 -g --coverage -Wno-format-truncation
  LDOPT  = --coverage
else
  B      = build
  OPT    = -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong
  LDOPT  = -Wl,-z,relro,-z,now,--as-needed
endif

WARN     = -Wall -Wextra -Wshadow -Wmissing-prototypes -Wstrict-prototypes \
           -Wpointer-arith -Wformat=2 -Wvla -Werror
CPPFLAGS += -Iinclude -D_GNU_SOURCE -DMADO_VERSION='"$(VERSION)"' \
           -DMADO_PREFIX='"$(PREFIX)"'
CFLAGS_ALL = -std=c11 $(OPT) $(WARN) $(CFLAGS)
# asked once, and only when something is compiled
PKGCFLAGS = $(eval PKGCFLAGS := $$(shell pkg-config --cflags $(PKGS) \
           $(PKGS_mado) $(PKGS_madod)))$(PKGCFLAGS)
LIBS     = $(eval LIBS := $$(shell pkg-config --libs $(PKGS)) -lpthread -lm)$(LIBS)

ifeq ($(V),0)
  Q      = @
  say    = @printf '  %-5s %s\n' $(1) $(2);
endif

LIB_SRC  = $(wildcard src/lib/*.c)
LIB_OBJ  = $(LIB_SRC:%.c=$(B)/%.o)
obj_of   = $(patsubst %.c,$(B)/%.o,$(wildcard src/$(1)/*.c))
UNIT     = $(patsubst tests/unit/%.c,$(B)/tests/unit/%,$(wildcard tests/unit/test_*.c))
BENCH    = $(addprefix $(B)/tests/bench/,floor load feeds pty search peer)
BENCH_SHARED = $(addprefix $(B)/tests/bench/,bench.o vt.o term.o)
FUZZ     = $(patsubst tests/fuzz/%.c,$(B)/fuzz/%,$(wildcard tests/fuzz/*.c))
MO       = $(patsubst src/po/%.po,$(B)/locale/%/LC_MESSAGES/madoguchi.mo,$(wildcard src/po/*.po))

.DEFAULT_GOAL = all
all: $(PROGS:%=$(B)/%) $(MO) ## build build/mado, build/madod, build/madosim (MODE=asan|cov)

# Debian packages. The build's, and what the tests need on top of them.
DEPS       = gcc libc6-dev make pkg-config libevent-dev libssl-dev \
             libcurl4-openssl-dev libcjson-dev libsodium-dev libsqlite3-dev \
             libutf8proc-dev libqrencode-dev libncurses-dev \
             libreadline-dev libchafa-dev libglib2.0-dev \
             libjpeg62-turbo-dev libpng-dev gettext
DEPS_CHECK = libcmocka-dev tmux perl jq curl sqlite3 openssl mandoc nodejs npm \
             unicode-data procps zsh fish
DEPS_LINT  = clang clang-format clang-tidy cppcheck
DEPS_BENCH = wrk nodejs npm postgresql git tig neomutt weechat-curses profanity

# Install those of the named packages that are not; elsewhere than on Debian
# the names are all we can give.
define install
	@command -v dpkg-query >/dev/null || { \
	    echo "This is no Debian: install what these packages hold: $(1)"; \
	    exit 1; }; \
	need=$$(for p in $(1); do command -v $$p >/dev/null || \
	    dpkg-query -W -f '$${Status}' $$p 2>/dev/null \
	    | grep -q 'ok installed' || echo $$p; done); \
	[ -z "$$need" ] || { echo "installing:" $$need; \
	    $$([ $$(id -u) = 0 ] || echo sudo) sh -c 'apt-get update -qq && \
	    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
	    --no-install-recommends "$$@" >/dev/null' -- $$need; }
endef

deps: ## install what the build needs (Debian packages; sudo when not root)
	$(call install,$(DEPS))

deps-check: deps
	$(call install,$(DEPS_CHECK))

$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS_ALL) $(PKGCFLAGS) -MMD -MP -c -o $@ $<

# `make` and later `make install PREFIX=/usr`: what knows the prefix, or the
# version, is made anew when it is another.
$(B)/prefix: always
	@mkdir -p $(@D)
	@echo '$(PREFIX) $(VERSION)' | cmp -s - $@ || \
	    echo '$(PREFIX) $(VERSION)' >$@
$(patsubst %.c,$(B)/%.o,$(shell grep -lE 'MADO_(PREFIX|VERSION)' src/*/*.c)): \
    $(B)/prefix

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

# One of the client: all of it but its main.
$(B)/tests/unit/test_mado_%: tests/unit/test_mado_%.c \
    $(filter-out %/main.o,$(call obj_of,mado)) $(B)/libmado.a
	@mkdir -p $(@D)
	$(call say,TEST,$<)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS_ALL) $(PKGCFLAGS) -MMD -MP \
	    $(LDOPT) $(LDFLAGS) -o $@ $^ $(LIBS) \
	    $$(pkg-config --libs cmocka $(PKGS_mado))

# One of the acts: all of the server but its main.
$(B)/tests/unit/test_madod_act_%: tests/unit/test_madod_act_%.c \
    $(filter-out %/main.o,$(call obj_of,madod)) $(B)/libmado.a
	@mkdir -p $(@D)
	$(call say,TEST,$<)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS_ALL) $(PKGCFLAGS) -MMD -MP \
	    -Wno-unused-function $(LDOPT) $(LDFLAGS) -o $@ $^ $(LIBS) \
	    $$(pkg-config --libs cmocka $(PKGS_madod))

$(B)/locale/%/LC_MESSAGES/madoguchi.mo: src/po/%.po
	@mkdir -p $(@D)
	$(call say,MO,$<)
	$(Q)msgfmt --check -o $@ $<

# A make of its own: pkg-config only knows after `deps` what it has to say.
demo: deps ## try it: stand-in, desk and inbox with lively customers
	$(Q)$(MAKE) --no-print-directory all
	$(Q)tests/demo

check: deps-check ## install what the tests need, build and run all tests
	$(Q)$(MAKE) --no-print-directory all units
	$(Q)$(MAKE) --no-print-directory MODE=asan all units
	$(Q)tests/run $(SUITE)

units: $(UNIT) $(B)/tests/tui/slow

# Programs that tests under tmux need.
$(B)/tests/tui/%: tests/tui/%.c $(B)/libmado.a
	@mkdir -p $(@D)
	$(call say,TEST,$<)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS_ALL) $(PKGCFLAGS) -MMD -MP $(LDOPT) \
	    $(LDFLAGS) -o $@ $< $(B)/libmado.a $(LIBS)

asan: deps-check ## units and it-tests under AddressSanitizer and UBSan
	$(Q)$(MAKE) --no-print-directory MODE=asan all units
	$(Q)tests/run asan

bench: deps-check ## measure: lines of `name value unit`
	$(call install,$(DEPS_BENCH))
	$(Q)$(MAKE) --no-print-directory all benches
	$(Q)tests/bench/run $(SUITE)

benches: $(BENCH)

$(BENCH): %: %.o $(BENCH_SHARED) $(B)/libmado.a
	$(call say,LD,$@)
	$(Q)$(CC) $(LDOPT) -o $@ $^ $(LIBS)

faq-eval: all ## what Auto Reply reaches on public data, or on the tests' own
	$(Q)tests/bench/faq-eval

lint: deps-check ## clang-format, clang-tidy, cppcheck, the invariants
	$(call install,$(DEPS_LINT))
	$(Q)$(MAKE) --no-print-directory all
	$(Q)tests/lint

fuzz: deps ## run each fuzz target for SECONDS=60
	$(call install,clang)
	$(Q)$(MAKE) --no-print-directory fuzzers
	$(Q)for f in $(FUZZ); do mkdir -p $$f.corpus; \
	    $$f -max_total_time=$(or $(SECONDS),60) -max_len=65536 \
	    $$f.corpus $$(ls -d tests/$${f#$(B)/}.seeds 2>/dev/null) || \
	    exit 1; done

fuzzers: $(FUZZ)

$(B)/fuzz/%: tests/fuzz/%.c $(LIB_SRC) $(wildcard src/*/*.h include/mado/*.h)
	@mkdir -p $(@D)
	$(call say,FUZZ,$<)
	$(Q)clang -std=c11 -g -O1 -fsanitize=fuzzer,address,undefined \
	    $(CPPFLAGS) $(PKGCFLAGS) -o $@ $< $(LIB_SRC) $(LIBS)

install: all ## install under PREFIX (DESTDIR)
	install -d "$(DESTDIR)$(PREFIX)/bin" \
	    "$(DESTDIR)$(PREFIX)/share/mado/themes"
	install -m 755 $(PROGS:%=$(B)/%) "$(DESTDIR)$(PREFIX)/bin"
	install -m 644 themes/*.theme "$(DESTDIR)$(PREFIX)/share/mado/themes"
	for m in man/*.[1578]; do install -D -m 644 -t \
	    "$(DESTDIR)$(PREFIX)/share/man/man$${m##*.}" $$m; \
	done
	for f in bash:bash-completion/completions/mado \
	    zsh:zsh/site-functions/_mado fish:fish/vendor_completions.d/mado.fish; do \
	    to="$(DESTDIR)$(PREFIX)/share/$${f#*:}"; install -d "$${to%/*}" && \
	    $(B)/mado completions $${f%%:*} >"$$to" || exit 1; done
	for m in $(MO:$(B)/%=%); do install -D -m 644 $(B)/$$m \
	    "$(DESTDIR)$(PREFIX)/share/$$m"; done

# A build of its own: the package's programs know another prefix.
deb: deps ## make build/madoguchi_VERSION_ARCH.deb
	$(call install,dpkg-dev)
	$(Q)rm -rf $(B)/deb/tree
	$(Q)$(MAKE) --no-print-directory B=$(B)/deb PREFIX=/usr \
	    DESTDIR=$(CURDIR)/$(B)/deb/tree VERSION=$(VERSION) install >/dev/null
	$(Q)src/deb/build $(CURDIR)/$(B)/deb/tree $(VERSION) \
	    $(B)/madoguchi_$(VERSION)_$$(dpkg --print-architecture).deb

clean: ## remove build/
	rm -rf build

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 10

.PHONY: always all deps deps-check demo check units asan bench benches faq-eval lint fuzz fuzzers install deb \
    clean help
.SECONDARY:

-include $(wildcard $(B)/src/*/*.d $(B)/tests/*/*.d)
