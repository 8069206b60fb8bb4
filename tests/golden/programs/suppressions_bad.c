/* ThreadSanitizer cannot read its suppressions and ends the program. */
const char *__tsan_default_suppressions(void);
const char *__tsan_default_suppressions(void)
{
	return "this is no suppression\n";
}

int main(void)
{
}
