#!/usr/bin/perl
# What tests/lint needs to know of C sources, found without a compiler:
#   lint.pl strip DIR FILE...   copies without comments (DIR/code) and without
#                               the insides of strings too (DIR/bare)
#   lint.pl functions FILE...   functions of more than 60 lines, unless their
#                               comment says why ("Long: ..."), statements
#                               nested more than 3 deep; median and p90
#   lint.pl glyphs FILE...      ambiguous-width glyphs in string literals
# Findings are lines `file:line: what`; figures begin with #.
use strict;
use warnings;
use File::Basename qw(dirname);
use File::Path qw(make_path);

use constant LINES_MAX => 60;

sub slurp {
	open(my $f, '<', $_[0]) or die "$_[0]: $!\n";
	local $/;
	my $s = <$f>;
	return $s // '';
}

sub spit {
	my ($path, $s) = @_;
	make_path(dirname($path));
	open(my $f, '>', $path) or die "$path: $!\n";
	print $f $s;
	close($f) or die "$path: $!\n";
}

# The same number of lines and columns, with blanks for what is taken out.
sub blank {
	my ($s) = @_;
	$s =~ s/[^\n]/ /g;
	return $s;
}

my $string = qr/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/s;
my $comment = qr{/\*.*?\*/|//[^\n]*}s;

sub without_comments {
	my ($s) = @_;
	$s =~ s/($string)|($comment)/defined $1 ? $1 : blank($2)/ge;
	return $s;
}

sub without_strings {
	my ($s) = @_;
	$s =~ s/($string)/my $q = substr($1, 0, 1);
	    $q . blank(substr($1, 1, -1)) . $q/ge;
	return $s;
}

sub strip {
	my ($dir, @files) = @_;
	for my $f (@files) {
		my $code = without_comments(slurp($f));
		spit("$dir/code/$f", $code);
		spit("$dir/bare/$f", without_strings($code));
	}
}

# KNF: a function's body opens and closes with a brace in column 0, its name
# stands in column 0 too, two lines or more above the body's first.
sub functions {
	my (@sizes, $bad);
	for my $f (@_) {
		my $raw = slurp($f);
		my @code = split /\n/, without_strings(without_comments($raw));
		my @raw = split /\n/, $raw;
		my ($from, $name, $open);
		for my $i (0 .. $#code) {
			$_ = $code[$i];
			if (!defined $open && /^(\w+)\(/) {
				($from, $name) = ($i, $1);
			} elsif (/^\{/ && defined $name) {
				$open = $i;
			} elsif (/^\t{4,}(if|for|while|do|switch|[A-Z]+_FOREACH)\b/) {
				print "$f:", $i + 1,
				    ": [functions] nested more than 3 deep\n";
			} elsif (/^\}/ && defined $open) {
				my $n = $i - $from + 1;
				push @sizes, $n;
				print "$f:", $from + 1, ": [functions] $name() has ",
				    "$n lines, more than ", LINES_MAX,
				    ", and no comment \"Long: why\"\n"
				    if $n > LINES_MAX &&
				    !has_reason(\@raw, $from - 1);
				undef $open;
				undef $name;
			}
		}
	}
	@sizes = sort { $a <=> $b } @sizes;
	return if !@sizes;
	printf "# %d functions, lines: median %d, p90 %d, most %d\n",
	    scalar @sizes, $sizes[$#sizes * 0.5], $sizes[$#sizes * 0.9],
	    $sizes[-1];
}

# Does the comment that ends right above the return type say "Long:"?
sub has_reason {
	my ($raw, $i) = @_;
	$i-- while $i > 0 && $raw->[$i] !~ m,\*/\s*$|^\s*$|^\},;
	return 0 if $raw->[$i] !~ m{\*/\s*$};
	for (; $i >= 0; $i--) {
		return 1 if $raw->[$i] =~ /\bLong: /;
		return 0 if $raw->[$i] =~ m{/\*};
	}
	return 0;
}

# In bytes that are UTF-8, and in \u escapes.
sub glyphs {
	for my $f (@_) {
		my $code = $f =~ /\.po$/ ? po_texts(slurp($f)) :
		    without_comments(slurp($f));
		my $line = 0;
		for (split /\n/, $code) {
			$line++;
			my $text = join '', /$string/g;
			utf8::decode($text);
			$text =~ s/\\u([0-9A-Fa-f]{4})/chr hex $1/ge;
			my @bad = $text =~ /(\p{East_Asian_Width: A})/g;
			printf "%s:%d: [glyphs] %s: terminals disagree on its width\n",
			    $f, $line, join ' ',
			    map { sprintf 'U+%04X', ord } @bad
			    if @bad;
		}
	}
}

# Only the translations of a catalogue.
sub po_texts {
	my $in = 0;
	return join "\n", map {
		$in = 1 if /^msgstr/;
		$in = 0 if /^(msgid|#|$)/;
		$in ? $_ : ''
	} split /\n/, $_[0];
}

my ($what, @args) = @ARGV;
my %all = (strip => \&strip, functions => \&functions, glyphs => \&glyphs);
die "usage: lint.pl strip DIR FILE... | functions FILE... | glyphs FILE...\n"
    if !defined $what || !$all{$what};
$all{$what}->(@args);
