/* Says hello as a host of another wire version would. */
#include <snag/wire.h>
#include <unistd.h>

const uint32_t snag_host_wire_version = 99;

void __tsan_init(void);
void __tsan_init(void)
{
}

int main(void)
{
	unsigned char bytes[64];
	struct snag_payload p = {.data = bytes, .room = sizeof(bytes)};

	snag_put_u32(&p, SNAG_RECORD_HELLO);
	snag_put_u32(&p, 12);
	snag_put_u32(&p, snag_host_wire_version);
	snag_put_u32(&p, SNAG_HELLO_HAS_TSAN);
	snag_put_str(&p, "");
	(void)!write(SNAG_FD_WIRE, p.data, p.len);
	pause();
	return 0;
}
