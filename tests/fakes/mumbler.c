/* Has the marks of a host, and says nothing that a host would say. */
#include <snag/wire.h>
#include <unistd.h>

const uint32_t snag_host_wire_version = SNAG_WIRE_VERSION;

void __tsan_init(void);
void __tsan_init(void)
{
}

int main(void)
{
	static const char noise[] = "\377\377\377\377\377\377\377\377nonsense";

	(void)!write(SNAG_FD_WIRE, noise, sizeof(noise));
	return (int)(snag_host_wire_version - SNAG_WIRE_VERSION);
}
