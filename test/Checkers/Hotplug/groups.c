// Rule 5: a memory group's number and a node are told apart by a flag.
//
// DEFINE: %{analyze} = %clang_cc1 -triple x86_64-linux-gnu -load %plugin -analyze \
// DEFINE:   -I %S/Inputs -analyzer-checker=core.builtin,core.NullDereference,linux.mm.Hotplug
//
// RUN: %{analyze} -DERA=601 -verify %s
// RUN: %{analyze} -DERA=612 -verify %s
// RUN: %{analyze} -DERA=703 -verify %s

#include "hotplug.h"

struct stick {
	int group, node;
};

int probe(struct stick *s, u64 start, u64 size)
{
	int ret = memory_group_register_static(s->node, 4096);

	if (ret < 0)
		return ret;
	s->group = ret;
	ret = add_memory(s->group, start, size, MHP_NONE); // expected-warning{{the number of a memory group is passed to 'add_memory' as a node; MHP_NID_IS_MGID expected}}
	if (!ret)
		ret = add_memory(s->group, start, size, MHP_NID_IS_MGID);
	return ret;
}

int probe_flags(struct stick *s, u64 start, u64 size, mhp_t flags)
{
	return add_memory(s->group, start, size, flags);
}

int probe_variable(struct stick *s, u64 start, u64 size, int merge)
{
	mhp_t flags = MHP_NONE;

	if (merge)
		flags |= MHP_MERGE_RESOURCE;
	return add_memory(s->group, start, size, flags); // expected-warning{{the number of a memory group is passed to 'add_memory' as a node}}
}

int probe_says(struct stick *s, u64 start, u64 size, int merge)
{
	mhp_t flags = MHP_NID_IS_MGID;

	if (merge)
		flags |= MHP_MERGE_RESOURCE;
	return add_memory(s->group, start, size, flags);
}

int by_node(u64 start, u64 size)
{
	int node = memory_add_physaddr_to_nid(start);
	int ret = add_memory(node, start, size, MHP_NONE);

	if (!ret)
		ret = add_memory(node, start, size, MHP_NID_IS_MGID | MHP_MERGE_RESOURCE); // expected-warning{{a node is passed to 'add_memory' as the number of a memory group, which MHP_NID_IS_MGID says}}
	return ret;
}

void remove(struct stick *s)
{
	memory_group_unregister(s->group);
}
