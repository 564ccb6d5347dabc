#!/usr/bin/perl
# A receiver of webhooks: appends each as one line of JSON to LOG, with
# whether its signature is right. What it answers is the first line of the
# file MOOD: a status, or "silent" (no answer at all).
#   receiver.pl SECRET LOG MOOD
use strict;
use warnings;
use Digest::SHA qw(hmac_sha256_base64);
use IO::Socket::INET;
use Time::HiRes qw(time sleep);

my ($secret, $log, $mood) = @ARGV;
my $server = IO::Socket::INET->new(Listen => 128, LocalAddr => '127.0.0.1:0',
    ReuseAddr => 1) or die "listen: $!";
$SIG{CHLD} = 'IGNORE';
print STDERR 'receiver: ready http://127.0.0.1:', $server->sockport, "\n";

sub request {
	my ($peer) = @_;
	my ($length, $signature, $body) = (0, '', '');
	while (my $line = <$peer>) {
		$length = $1 if $line =~ /^content-length:\s*(\d+)/i;
		$signature = $1 if $line =~ /^x-line-signature:\s*(\S+)/i;
		last if $line =~ /^\r?\n$/;
	}
	read $peer, $body, $length if $length;
	return ($body, $signature);
}

sub serve {
	my ($peer, $at) = @_;
	my ($body, $signature) = request($peer);
	my $want = hmac_sha256_base64($body, $secret);
	$want .= '=' while length($want) % 4;
	my $right = $want eq $signature ? 'true' : 'false';
	open my $in, '<', $mood;
	my $status = $in ? <$in> : 200;
	chomp $status;
	open my $out, '>>', $log or die "$log: $!";
	syswrite $out, sprintf(
	    "{\"at\":%.3f,\"signed\":%s,\"status\":\"%s\",\"body\":%s}\n",
	    $at, $right, $status, $body);
	if ($status eq 'silent') {
		sleep 5;
	} else {
		print $peer "HTTP/1.1 $status X\r\nContent-Length: 2\r\n",
		    "Connection: close\r\n\r\n{}";
	}
}

# what comes is dated in the order in which it comes
while (my $peer = $server->accept) {
	my $at = time;
	my $pid = fork;
	if (defined $pid && $pid == 0) {
		close $server;
		serve($peer, $at);
		exit 0;
	}
	close $peer;
}
