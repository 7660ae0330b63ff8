// A line between two network namespaces, made by hand: whole IP packets go from one TUN device to
// another after a delay, with jitter, and some of them never or out of their turn. What sends again,
// waits and gives up is the kernel's own TCP on both sides, as with tc netem, which many kernels
// are built without.
//
//	line SEED NAMESPACE-A DEVICE-A NAMESPACE-B DEVICE-B
//
// Prints "ready". Each line on standard input sets one way or both from then on:
//
//	a>b|b>a|both DELAY-MS JITTER-MS LOSS REORDER
//
// LOSS and REORDER are shares of packets; 1 loses everything. A reordered packet goes at once. Ends
// with its standard input.
package main

import (
	"bufio"
	"fmt"
	"math/rand"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

const (
	setns      = 308 // x86-64; arm64 below
	setnsArm   = 268
	newNet     = 0x40000000
	tunSetIff  = 0x400454ca
	tun        = 0x0001
	noHeader   = 0x1000
	packetSize = 65536
)

type way struct {
	mutex             sync.Mutex
	random            *rand.Rand
	delayMs, jitterMs float64
	loss, reorder     float64
}

// after tells how long a packet takes; false when it is lost.
func (w *way) after() (time.Duration, bool) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if w.random.Float64() < w.loss {
		return 0, false
	}
	if w.random.Float64() < w.reorder {
		return 0, true
	}
	ms := w.delayMs + w.jitterMs*(2*w.random.Float64()-1)
	if ms < 0 {
		ms = 0
	}
	return time.Duration(ms * float64(time.Millisecond)), true
}

func (w *way) set(delayMs, jitterMs, loss, reorder float64) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.delayMs, w.jitterMs, w.loss, w.reorder = delayMs, jitterMs, loss, reorder
}

func must(err error, what string) {
	if err != nil {
		fmt.Fprintln(os.Stderr, what+":", err)
		os.Exit(1)
	}
}

// device makes a TUN device in a namespace; "" is the namespace of this process.
func device(namespace, name string) *os.File {
	made := make(chan *os.File)
	go func() {
		// The thread stays in the other namespace and ends with this function.
		runtime.LockOSThread()
		if namespace != "" {
			file, err := os.Open("/run/netns/" + namespace)
			must(err, "namespace")
			number := uintptr(setns)
			if runtime.GOARCH == "arm64" {
				number = setnsArm
			}
			_, _, errno := syscall.RawSyscall(number, file.Fd(), newNet, 0)
			if errno != 0 {
				must(errno, "setns")
			}
		}
		descriptor, err := syscall.Open("/dev/net/tun", syscall.O_RDWR|syscall.O_NONBLOCK, 0)
		must(err, "/dev/net/tun")
		var request [40]byte
		copy(request[:15], name)
		*(*uint16)(unsafe.Pointer(&request[16])) = tun | noHeader
		_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, uintptr(descriptor), tunSetIff,
			uintptr(unsafe.Pointer(&request[0])))
		if errno != 0 {
			must(errno, "TUNSETIFF")
		}
		made <- os.NewFile(uintptr(descriptor), name)
	}()
	return <-made
}

func carry(from, to *os.File, over *way) {
	buffer := make([]byte, packetSize)
	for {
		length, err := from.Read(buffer)
		if err != nil {
			// A device that is not up yet: nothing to carry.
			time.Sleep(10 * time.Millisecond)
			continue
		}
		delay, isCarried := over.after()
		if !isCarried {
			continue
		}
		packet := append([]byte(nil), buffer[:length]...)
		time.AfterFunc(delay, func() { _, _ = to.Write(packet) })
	}
}

func main() {
	if len(os.Args) != 6 {
		fmt.Fprintln(os.Stderr, "line SEED NAMESPACE-A DEVICE-A NAMESPACE-B DEVICE-B")
		os.Exit(2)
	}
	seed, err := strconv.ParseInt(os.Args[1], 10, 64)
	must(err, "seed")
	a, b := device(os.Args[2], os.Args[3]), device(os.Args[4], os.Args[5])
	there := &way{random: rand.New(rand.NewSource(seed))}
	back := &way{random: rand.New(rand.NewSource(seed + 1))}
	go carry(a, b, there)
	go carry(b, a, back)
	fmt.Println("ready")
	for input := bufio.NewScanner(os.Stdin); input.Scan(); {
		var which string
		var numbers [4]float64
		_, err := fmt.Sscan(strings.TrimSpace(input.Text()), &which, &numbers[0], &numbers[1],
			&numbers[2], &numbers[3])
		must(err, "command")
		if which != "b>a" {
			there.set(numbers[0], numbers[1], numbers[2], numbers[3])
		}
		if which != "a>b" {
			back.set(numbers[0], numbers[1], numbers[2], numbers[3])
		}
		fmt.Println("set")
	}
}
