#!/usr/bin/perl
# burst.pl SIM_PORT N RATE QUERIES.tsv: N customers of madosim ask one question
# each, RATE a second, and what they received is looked at afterwards. Prints on
# one line: asked a second, p50 and p99 in milliseconds from the asking to the
# first bubble, customers without one, pushes. Called by tests/bench/run.
use strict;
use warnings;
use IO::Socket::INET;
use JSON::PP;
use Time::HiRes qw(time sleep);

my ($port, $n, $rate, $queries) = @ARGV;
open(my $f, '<', $queries) or die "$queries: $!";
my @text = map { (split /\t/)[0] } <$f>;
my $sim;

# What the stand-in answers to a request on the connection that is kept.
sub ask {
	my ($method, $path, $body) = @_;
	$sim //= IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port") or die "madosim: $!";
	my $head = "$method $path HTTP/1.1\r\nHost: sim\r\nContent-Type: application/json\r\n"
	    . "Content-Length: " . length($body) . "\r\n\r\n";
	print $sim $head . $body;
	my ($length, $status) = (0, 0);
	while (my $line = <$sim>) {
		$status = $1 if $line =~ m{^HTTP/1.1 (\d+)};
		$length = $1 if $line =~ /^content-length: (\d+)/i;
		last if $line =~ /^\r?\n$/;
	}
	my $answer = '';
	read($sim, $answer, $length) == $length or die "madosim: cut";
	die "madosim: $status $answer" if $status !~ /^2/;
	return $answer;
}

my (%at, $begun);
$begun = time;
for my $i (0 .. $n - 1) {
	my $user = sprintf 'burst%06d', $i;
	my $text = encode_json([ $text[$i % @text] ]);
	my $due = $begun + $i / $rate;
	sleep($due - time) if $due > time;
	# as bytes: the table is UTF-8 already
	$text = $text[$i % @text];
	$text =~ s/(["\\])/\\$1/g;
	$at{$user} = time;
	ask('POST', '/sim/say', "{\"user\":\"$user\",\"text\":\"$text\"}");
}
my $asked = $n / (time - $begun);

# The last ones get twenty seconds.
my ($state, $missing);
for (1 .. 200) {
	$state = decode_json(ask('GET', '/sim/state', ''));
	$missing = grep { $_->{name} =~ /^burst/ && !@{$_->{received}} } @{$state->{customers}};
	last if $missing == 0;
	sleep 0.1;
}
my @took;
for my $c (@{$state->{customers}}) {
	next if !exists $at{$c->{name}} || !@{$c->{received}};
	my ($h, $m, $s) = $c->{received}[0]{at} =~ /T(\d+):(\d+):([\d.]+)/;
	my $of_day = $h * 3600 + $m * 60 + $s;
	my $took = $of_day - fmod_day($at{$c->{name}});
	push @took, 1000 * ($took < -43200 ? $took + 86400 : $took);
}
sub fmod_day { my $t = shift; return $t - 86400 * int($t / 86400); }
@took = sort { $a <=> $b } @took;
printf "%.0f %.0f %.0f %d %d\n", $asked, $took[@took / 2] // 0,
    $took[int(@took * 0.99)] // 0, $missing, $state->{sends}{push};
