/*
 * Every function that is a point, used as it should be: no race, and the right
 * results.  Ends with "all is well", or with what is not.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { THREADS = 4, ROUNDS = 20 };

#define MUST(condition)                                                \
	do {                                                           \
		if (!(condition)) {                                    \
			printf("line %d: %s\n", __LINE__, #condition); \
			_exit(1);                                      \
		}                                                      \
	} while (0)

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_spinlock_t spinlock;
static pthread_barrier_t barrier;
static sem_t semaphore;
static int by_mutex, by_rwlock, by_spinlock, by_semaphore, by_once, turn;
static int parts[THREADS];

static struct timespec later(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	t.tv_sec += 60;
	return t;
}

static void count_once(void)
{
	by_once++;
}

/* Runtimes before clang 18's do not know this one. */
static int clock_lock(void)
{
#if defined(__clang__) && __clang_major__ >= 18
	struct timespec t = later(CLOCK_MONOTONIC);

	return pthread_mutex_clocklock(&mutex, CLOCK_MONOTONIC, &t);
#else
	return pthread_mutex_lock(&mutex);
#endif
}

static void use_mutex(int round)
{
	struct timespec t = later(CLOCK_REALTIME);

	if (round % 4 == 0)
		MUST(pthread_mutex_lock(&mutex) == 0);
	else if (round % 4 == 1)
		MUST(pthread_mutex_timedlock(&mutex, &t) == 0);
	else if (round % 4 == 2)
		while (pthread_mutex_trylock(&mutex) != 0)
			sched_yield();
	else
		MUST(clock_lock() == 0);
	by_mutex++;
	MUST(pthread_mutex_unlock(&mutex) == 0);
}

static void use_rwlock(int round)
{
	struct timespec t = later(CLOCK_REALTIME);
	int seen;

	MUST((round % 2 ? pthread_rwlock_wrlock(&rwlock)
			: pthread_rwlock_timedwrlock(&rwlock, &t)) == 0);
	by_rwlock++;
	MUST(pthread_rwlock_unlock(&rwlock) == 0);
	MUST((round % 2 ? pthread_rwlock_rdlock(&rwlock)
			: pthread_rwlock_timedrdlock(&rwlock, &t)) == 0);
	seen = by_rwlock;
	MUST(seen > round);
	MUST(pthread_rwlock_unlock(&rwlock) == 0);
}

static void use_spinlock(int round)
{
	if (round % 2)
		MUST(pthread_spin_lock(&spinlock) == 0);
	else
		while (pthread_spin_trylock(&spinlock) != 0)
			sched_yield();
	by_spinlock++;
	MUST(pthread_spin_unlock(&spinlock) == 0);
}

static void use_semaphore(int round)
{
	struct timespec t = later(CLOCK_REALTIME);

	errno = ERANGE;
	if (round % 3 == 0)
		MUST(sem_wait(&semaphore) == 0);
	else if (round % 3 == 1)
		MUST(sem_timedwait(&semaphore, &t) == 0);
	else
		while (sem_trywait(&semaphore) != 0) {
			MUST(errno == EAGAIN);
			errno = ERANGE;
			usleep(10);
		}
	by_semaphore++;
	MUST(sem_post(&semaphore) == 0);
	MUST(errno == ERANGE);
}

static void take_turns(int number, int round)
{
	struct timespec t = later(CLOCK_REALTIME);

	MUST(pthread_mutex_lock(&mutex) == 0);
	while (turn != round * THREADS + number)
		MUST((round % 2 ? pthread_cond_wait(&cond, &mutex)
				: pthread_cond_timedwait(&cond, &mutex, &t)) ==
		     0);
	turn++;
	MUST(pthread_cond_broadcast(&cond) == 0);
	MUST(pthread_mutex_unlock(&mutex) == 0);
}

/* Each writes its part, all meet, and each reads another's. */
static void meet(int number, int round)
{
	int result;

	parts[number] = round;
	result = pthread_barrier_wait(&barrier);
	MUST(result == 0 || result == PTHREAD_BARRIER_SERIAL_THREAD);
	MUST(parts[(number + 1) % THREADS] == round);
	pthread_barrier_wait(&barrier);
}

static void *work(void *argument)
{
	int number = *(int *)argument;

	for (int round = 0; round < ROUNDS; round++) {
		use_mutex(round);
		use_rwlock(round);
		use_spinlock(round);
		use_semaphore(round);
		take_turns(number, round);
		meet(number, round);
		pthread_once(&once, count_once);
	}
	return argument;
}

static void use_threads(void)
{
	pthread_t threads[THREADS];
	int numbers[THREADS];
	void *result;

	pthread_spin_init(&spinlock, 0);
	pthread_barrier_init(&barrier, NULL, THREADS);
	sem_init(&semaphore, 0, 1);
	for (int i = 0; i < THREADS; i++) {
		numbers[i] = i;
		MUST(!pthread_create(&threads[i], NULL, work, &numbers[i]));
	}
	for (int i = 0; i < THREADS; i++) {
		MUST(pthread_join(threads[i], &result) == 0);
		MUST(result == &numbers[i]);
	}
	MUST(by_mutex == THREADS * ROUNDS && by_rwlock == by_mutex);
	MUST(by_spinlock == by_mutex && by_semaphore == by_mutex);
	MUST(by_once == 1 && turn == by_mutex);
}

static void unlock_mutex(void *unused)
{
	(void)unused;
	pthread_mutex_unlock(&mutex);
}

static void *wait_for_ever(void *posted)
{
	pthread_mutex_lock(&mutex);
	pthread_cleanup_push(unlock_mutex, NULL);
	sem_post(posted);
	for (;;)
		pthread_cond_wait(&cond, &mutex);
	pthread_cleanup_pop(1);
	return NULL;
}

static void *read_for_ever(void *fd)
{
	char c;

	return read(*(int *)fd, &c, 1) == 1 ? fd : NULL;
}

static void use_cancel(void)
{
	pthread_t thread;
	sem_t is_waiting;
	void *result;
	int fds[2];

	sem_init(&is_waiting, 0, 0);
	MUST(!pthread_create(&thread, NULL, wait_for_ever, &is_waiting));
	MUST(sem_wait(&is_waiting) == 0);
	MUST(pthread_cancel(thread) == 0);
	MUST(pthread_join(thread, &result) == 0);
	MUST(result == PTHREAD_CANCELED);
	MUST(pthread_mutex_lock(&mutex) == 0);
	MUST(pthread_mutex_unlock(&mutex) == 0);

	MUST(pipe(fds) == 0);
	MUST(!pthread_create(&thread, NULL, read_for_ever, &fds[0]));
	usleep(1000);
	MUST(pthread_cancel(thread) == 0);
	MUST(pthread_join(thread, &result) == 0);
	MUST(result == PTHREAD_CANCELED);
	MUST(close(fds[0]) == 0 && close(fds[1]) == 0);
}

static void use_descriptors(void)
{
	struct epoll_event event = {.events = EPOLLIN};
	struct pollfd waited;
	char text[8] = "";
	int fds[2], epoll = epoll_create1(0);

	MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
	MUST(send(fds[0], "ab", 2, 0) == 2 && write(fds[0], "cd", 2) == 2);
	waited = (struct pollfd){.fd = fds[1], .events = POLLIN};
	MUST(poll(&waited, 1, -1) == 1);
	MUST(epoll_ctl(epoll, EPOLL_CTL_ADD, fds[1], &event) == 0);
	MUST(epoll_wait(epoll, &event, 1, -1) == 1);
	MUST(recv(fds[1], text, 2, 0) == 2 && read(fds[1], text + 2, 2) == 2);
	MUST(!strcmp(text, "abcd"));
	MUST(close(fds[0]) == 0 && close(fds[1]) == 0 && close(epoll) == 0);
	MUST(close(-1) == -1 && errno == EBADF);
}

static void use_fork(void)
{
	pid_t pid = fork();
	int status;

	MUST(pid >= 0);
	if (pid == 0) {
		for (int i = 0; i < 10; i++)
			use_mutex(i);
		_exit(by_mutex == THREADS * ROUNDS + 10 ? 7 : 8);
	}
	MUST(waitpid(pid, &status, 0) == pid);
	MUST(WIFEXITED(status) && WEXITSTATUS(status) == 7);
	MUST(system("exit 3") == 3 * 256);
}

static void on_alarm(int number)
{
	int saved = errno;

	(void)number;
	sem_post(&semaphore);
	errno = saved;
}

/* Timers strike in the middle of whatever we do. */
static void use_signals(void)
{
	struct itimerspec often = {{0, 200000}, {0, 200000}};
	struct itimerspec never = {{0, 0}, {0, 0}};
	timer_t timer;

	signal(SIGALRM, on_alarm);
	MUST(timer_create(CLOCK_MONOTONIC, NULL, &timer) == 0);
	MUST(timer_settime(timer, 0, &often, NULL) == 0);
	for (int i = 0; i < 200; i++)
		use_mutex(i);
	MUST(timer_settime(timer, 0, &never, NULL) == 0);
	MUST(timer_delete(timer) == 0);
}

int main(void)
{
	struct timespec t = {0, 1000};
	cpu_set_t before, after;

	MUST(sched_getaffinity(0, sizeof(before), &before) == 0);
	use_threads();
	use_cancel();
	use_descriptors();
	use_fork();
	use_signals();
	MUST(nanosleep(&t, NULL) == 0);
	MUST(clock_nanosleep(CLOCK_MONOTONIC, 0, &t, NULL) == 0);
	MUST(sched_getaffinity(0, sizeof(after), &after) == 0);
	MUST(CPU_EQUAL(&before, &after));
	free(malloc(100));
	puts("all is well");
	return 0;
}
