/*
 * probe.c: which addresses are of the internet, what an address means to this
 * machine, ports that answer and ports that do not, until when a certificate
 * is good.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../src/madod/probe.c"

static bool
is_public(const char *text)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};

	if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
		return addr_is_public((struct sockaddr *)&v4);
	assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
	return addr_is_public((struct sockaddr *)&v6);
}

static void
addresses_of_the_internet(void **state)
{
	static const char *const public[] = {"203.0.113.7", "8.8.8.8",
	    "172.15.0.1", "172.32.0.1", "192.167.1.1", "100.63.0.1",
	    "100.128.0.1", "2001:db8::1", "2400:1234::1"};
	static const char *const private[] = {"127.0.0.1", "10.1.2.3",
	    "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.0.1",
	    "100.64.0.1", "100.127.0.1", "::1", "fe80::1", "fd00::1"};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(public) / sizeof(public[0]); i++)
		assert_true(is_public(public[i]));
	for (i = 0; i < sizeof(private) / sizeof(private[0]); i++)
		assert_false(is_public(private[i]));
}

static void
hosts_of_urls(void **state)
{
	static const struct {
		const char *url, *host;
		int port;
	} rows[] = {{"https://desk.example.jp", "desk.example.jp", 443},
	    {"http://127.0.0.1:7443", "127.0.0.1", 7443},
	    {"https://desk.example.jp:8443/x", "desk.example.jp", 8443},
	    {"https://[2001:db8::1]:444", "2001:db8::1", 444},
	    {"https://[::1]", "::1", 443}};
	size_t i;
	char *host;
	int port;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		host = probe_host(rows[i].url, &port);
		assert_string_equal(host, rows[i].host);
		assert_int_equal(port, rows[i].port);
		x_free(host);
	}
}

static void
names_and_ports(void **state)
{
	struct sockaddr_in sin = {.sin_family = AF_INET};
	socklen_t n = sizeof(sin);
	struct buf b = {0};
	struct err e = {0};
	int fd = socket(AF_INET, SOCK_STREAM, 0), port;

	(void)state;
	assert_int_equal(probe_dns("127.0.0.1", &b, &e), 0);
	assert_non_null(strstr(b.p, "this machine"));
	buf_reset(&b);
	assert_int_equal(probe_dns("no.such.invalid", &b, &e), -1);
	assert_int_equal(e.code, ERR_NOTFOUND);
	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&sin, n), 0);
	assert_int_equal(listen(fd, 1), 0);
	getsockname(fd, (struct sockaddr *)&sin, &n);
	port = ntohs(sin.sin_port);
	assert_true(probe_port("127.0.0.1", port, &b));
	close(fd);
	buf_reset(&b);
	assert_false(probe_port("127.0.0.1", port, &b));
	assert_non_null(strstr(b.p, "nothing listens there yet"));
	buf_free(&b);
}

/* A certificate that ended an hour ago has not 0 days left. */
static void
days_are_whole(void **state)
{
	const int64_t hour = 3600 * 1000, day = 24 * hour;

	(void)state;
	assert_int_equal(probe_days(day, 0), 1);
	assert_int_equal(probe_days(day - 1, 0), 0);
	assert_int_equal(probe_days(0, hour), -1);
	assert_int_equal(probe_days(0, day), -1);
	assert_int_equal(probe_days(0, day + 1), -2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(addresses_of_the_internet),
	    cmocka_unit_test(hosts_of_urls),
	    cmocka_unit_test(names_and_ports),
	    cmocka_unit_test(days_are_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
