#pragma once

/* Large worlds are read all over: with pages of 2 MiB the processor finds its way about them a
 * fifth faster. The heap is made long at once and the kernel asked for such pages; a kernel that
 * has none gives usual ones. To be called before anything large is made. */

void large_heap_prepare(void);
