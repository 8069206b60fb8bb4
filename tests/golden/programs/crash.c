/* A null pointer is written, far down. */
static void __attribute__((noinline)) set(int *p)
{
	*p = 1;
}

int main(void)
{
	set((int *)8);
}
