// MHP_MEMMAP_ON_MEMORY is a hint since the function that tells whether it is
// supported lost its parameter; before, as in 6.1, memory was not added at all
// where it is not. The same call is judged by the kernel that it is in.
//
// DEFINE: %{analyze} = %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze \
// DEFINE:   -I %S/Inputs -analyzer-checker=core.builtin,core.NullDereference,linux.mm.Hotplug
//
// RUN: %{analyze} -DERA=601 -verify=refused %s
// RUN: %{analyze} -DERA=612 -verify=hint %s
// RUN: %{analyze} -DERA=703 -verify=hint %s
// hint-no-diagnostics

#include "hotplug.h"

int plug(u64 start, u64 size)
{
	return add_memory_driver_managed(0, start, size, "System RAM (plug)", MHP_MEMMAP_ON_MEMORY); // refused-warning{{MHP_MEMMAP_ON_MEMORY is passed to 'add_memory_driver_managed': this kernel adds nothing and returns -EINVAL where the memory map cannot be there, which mhp_supports_memmap_on_memory() tells; kernels in which that function has no parameter fall back}}
}

int plug_variable(u64 start, u64 size, int map)
{
	mhp_t flags = MHP_NONE;

	if (map)
		flags |= MHP_MEMMAP_ON_MEMORY;
	return add_memory(0, start, size, flags); // refused-warning{{MHP_MEMMAP_ON_MEMORY is passed to 'add_memory'}}
}

int plug_asked(u64 start, u64 size)
{
	mhp_t flags = MHP_NONE;

#if ERA < 612
	if (mhp_supports_memmap_on_memory(size))
#else
	if (mhp_supports_memmap_on_memory())
#endif
		flags |= MHP_MEMMAP_ON_MEMORY;
	return add_memory(0, start, size, flags);
}
