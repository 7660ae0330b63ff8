#!/bin/sh
# The first process of the guest kernel (guest-kernel.ts): guest-init.sh EXCHANGE ROOT COMMAND…
#
# The guest sees the machine's files as they are and cannot write them, but for EXCHANGE; what
# it makes lies in its memory. Runs COMMAND in ROOT as root of the guest, leaves its exit status
# in EXCHANGE/status, and switches the guest off.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
exchange=$1
root=$2
shift 2

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t tmpfs tmpfs /run
export TMPDIR=/run/tmp HOME=/run/tmp NO_COLOR=1
mkdir /run/tmp /run/exchange
mount -t hostfs none /run/exchange -o "$exchange"
ip link set lo up

modules=/usr/lib/uml/modules/$(uname -r)/kernel
insmod "$modules/drivers/net/veth.ko" && insmod "$modules/net/sched/sch_netem.ko" &&
  cd "$root" && "$@"
echo $? >/run/exchange/status
echo 0 >/proc/sys/kernel/printk
echo o >/proc/sysrq-trigger
# The power goes off under it; the first process may not end.
sleep 60
