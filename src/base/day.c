#include "base/day.h"

#include <stdio.h>
#include <string.h>

static int number(const char *digits, int count)
{
	int n = 0;

	for (int i = 0; i < count; i++)
		n = 10 * n + (digits[i] - '0');
	return n;
}

static int days_in(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30,
				   31, 31, 30, 31, 30, 31};
	bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && is_leap);
}

bool day_is_valid(const char *text)
{
	static const char form[] = "dddd-dd-dd";
	int year, month, day;

	if (!text || strlen(text) != DAY_BYTES - 1)
		return false;
	for (size_t i = 0; form[i]; i++) {
		bool is_digit = text[i] >= '0' && text[i] <= '9';

		if (form[i] == 'd' ? !is_digit : text[i] != '-')
			return false;
	}
	year = number(text, 4);
	month = number(text + 5, 2);
	day = number(text + 8, 2);
	return year >= 1 && month >= 1 && month <= 12 && day >= 1 &&
	       day <= days_in(year, month);
}

void day_of(time_t now, char day[DAY_BYTES])
{
	struct tm tm;

	/* Only a clock beyond the year 9999 has no such text. */
	if (!gmtime_r(&now, &tm) || !strftime(day, DAY_BYTES, "%Y-%m-%d", &tm))
		memcpy(day, "9999-12-31", DAY_BYTES);
}
