/*
 * report_data.h - what ThreadSanitizer tells of a report while it makes it.
 * Its declarations, here since the harness needs no header of it.
 */
#ifndef SNAG_HARNESS_REPORT_DATA_H
#define SNAG_HARNESS_REPORT_DATA_H

int __tsan_get_report_data(void *report, const char **description, int *count,
			   int *stack_count, int *mop_count, int *loc_count,
			   int *mutex_count, int *thread_count,
			   int *unique_tid_count, void **sleep_trace,
			   unsigned long trace_size);
int __tsan_get_report_mop(void *report, unsigned long idx, int *tid,
			  void **addr, int *size, int *write, int *atomic,
			  void **trace, unsigned long trace_size);
int __tsan_get_report_stack(void *report, unsigned long idx, void **trace,
			    unsigned long trace_size);
int __tsan_get_report_loc(void *report, unsigned long idx, const char **type,
			  void **addr, unsigned long *start,
			  unsigned long *size, int *tid, int *fd,
			  int *suppressable, void **trace,
			  unsigned long trace_size);
int __tsan_get_report_mutex(void *report, unsigned long idx,
			    unsigned long *mutex_id, void **addr,
			    int *destroyed, void **trace,
			    unsigned long trace_size);
int __tsan_get_report_thread(void *report, unsigned long idx, int *tid,
			     unsigned long *os_id, int *running,
			     const char **name, int *parent_tid, void **trace,
			     unsigned long trace_size);

#endif
