/* A test that is not built with ThreadSanitizer. */
int main(void)
{
	return 0;
}
