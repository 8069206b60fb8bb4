#include "explore/stack.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	STACK_BYTES = 256 * 1024,
	GUARD_BYTES = 4096,
	ALL_BYTES = STACK_BYTES + GUARD_BYTES,
	A_BLOCK = 16, /* stacks made at once, in one mapping */
	MAX_BLOCKS = 4096,
};

void snag_first_frame(void);

static struct stack *free_stacks;
static struct block {
	char *memory;
	struct stack stacks[A_BLOCK];
} *blocks[MAX_BLOCKS];
static unsigned block_count;

/* Plain system calls: ThreadSanitizer's mmap would look at every page. */
static void *map(size_t bytes)
{
	long at = syscall(SYS_mmap, NULL, bytes, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return at == -1 ? NULL : (void *)at;
}

static bool make_block(void)
{
	struct block *block;

	if (block_count == MAX_BLOCKS)
		return false;
	block = map(sizeof(*block));
	if (!block)
		return false;
	block->memory = map((size_t)A_BLOCK * ALL_BYTES);
	if (!block->memory)
		return false;
	blocks[block_count++] = block;
	for (int i = A_BLOCK - 1; i >= 0; i--) {
		struct stack *stack = &block->stacks[i];
		char *guard = block->memory + (size_t)i * ALL_BYTES;

		syscall(SYS_mprotect, guard, GUARD_BYTES, PROT_NONE);
		stack->low = guard + GUARD_BYTES;
		stack->high = stack->low + STACK_BYTES;
		stack_give_back(stack);
	}
	return true;
}

struct stack *stack_take(void)
{
	struct stack *stack;

	if (!free_stacks && !make_block())
		return NULL;
	stack = free_stacks;
	free_stacks = stack->next;
	return stack;
}

void stack_give_back(struct stack *stack)
{
	stack->next = free_stacks;
	free_stacks = stack;
}

#if defined(__x86_64__)
/* As snag_switch() leaves it: control words, r15 ... rbp, where to return. */
void *stack_prepare(const struct stack *stack, void (*start)(void *),
		    void *argument)
{
	uint64_t *sp = (uint64_t *)((uintptr_t)stack->high - 32);

	*--sp = (uint64_t)(uintptr_t)snag_first_frame;
	*--sp = 0;                             /* rbp */
	*--sp = (uint64_t)(uintptr_t)start;    /* rbx */
	*--sp = (uint64_t)(uintptr_t)argument; /* r12 */
	*--sp = 0;
	*--sp = 0;
	*--sp = 0; /* r15 */
	*--sp = 0;
	__asm__ volatile("stmxcsr %0" : "=m"(*(uint32_t *)sp));
	__asm__ volatile("fnstcw %0" : "=m"(*(uint16_t *)((char *)sp + 4)));
	return sp;
}
#elif defined(__aarch64__)
void *stack_prepare(const struct stack *stack, void (*start)(void *),
		    void *argument)
{
	uint64_t *sp = (uint64_t *)(void *)(stack->high - 32 - 176);

	memset(sp, 0, 176);
	sp[0] = (uint64_t)(uintptr_t)start;             /* x19 */
	sp[1] = (uint64_t)(uintptr_t)argument;          /* x20 */
	sp[11] = (uint64_t)(uintptr_t)snag_first_frame; /* x30 */
	__asm__ volatile("mrs %0, fpcr" : "=r"(sp[20]));
	return sp;
}
#endif

const struct stack *stack_at(uint64_t address, bool *is_guard)
{
	for (unsigned b = 0; b < block_count; b++) {
		uint64_t at = address - (uint64_t)(uintptr_t)blocks[b]->memory;

		if (at >= (uint64_t)A_BLOCK * ALL_BYTES)
			continue;
		*is_guard = at % ALL_BYTES < GUARD_BYTES;
		return &blocks[b]->stacks[at / ALL_BYTES];
	}
	return NULL;
}
