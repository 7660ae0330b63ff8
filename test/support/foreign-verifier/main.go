// A verifier of the public log that shares no code with the project: notes, tree and proofs are
// those of golang.org/x/mod/sumdb, which checks Go's own module log.
//
//	main LOG-URL VERIFIER-KEY [OLDER-CHECKPOINT-FILE]
//
// It opens the checkpoint, reads every entry, proves each against the root through the tiles, and
// that the older checkpoint's log is the beginning of this one. Prints "verified SIZE".
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const tileHeight = 8

type tiles struct{ url string }

func (tiles) Height() int { return tileHeight }

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(wanted))
	for i, tile := range wanted {
		bytes, err := fetch(t.url + "/tile/" + strconv.Itoa(tile.L) + "/" + number(tile.N, tile.W))
		if err != nil {
			return nil, err
		}
		data[i] = bytes
	}
	return data, nil
}

func (tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func number(n int64, width int) string {
	text := fmt.Sprintf("%03d", n%1000)
	for n >= 1000 {
		n /= 1000
		text = fmt.Sprintf("x%03d/%s", n%1000, text)
	}
	if width < 1<<tileHeight {
		text += ".p/" + strconv.Itoa(width)
	}
	return text
}

func fetch(url string) ([]byte, error) {
	response, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", url, response.Status)
	}
	return io.ReadAll(response.Body)
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func open(text []byte, verifier note.Verifier) tlog.Tree {
	opened, err := note.Open(text, note.VerifierList(verifier))
	must(err)
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		log.Fatal("not a checkpoint of this log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := base64.StdEncoding.DecodeString(lines[2])
	must(err)
	tree := tlog.Tree{N: size}
	if copy(tree.Hash[:], root) != len(tree.Hash) {
		log.Fatal("the root is too short")
	}
	return tree
}

func checkEntries(url string, tree tlog.Tree, hashes tlog.HashReader) {
	for first := int64(0); first < tree.N; first += 1 << tileHeight {
		width := int(tree.N - first)
		if width > 1<<tileHeight {
			width = 1 << tileHeight
		}
		bundle, err := fetch(url + "/tile/entries/" + number(first>>tileHeight, width))
		must(err)
		for i := int64(0); i < int64(width); i++ {
			length := int(binary.BigEndian.Uint16(bundle))
			entry := bundle[2 : 2+length]
			bundle = bundle[2+length:]
			proof, err := tlog.ProveRecord(tree.N, first+i, hashes)
			must(err)
			must(tlog.CheckRecord(proof, tree.N, tree.Hash, first+i, tlog.RecordHash(entry)))
		}
		if len(bundle) > 0 {
			log.Fatal("more bytes than entries")
		}
	}
}

func main() {
	url := os.Args[1]
	verifier, err := note.NewVerifier(os.Args[2])
	must(err)
	text, err := fetch(url + "/checkpoint")
	must(err)
	tree := open(text, verifier)
	hashes := tlog.TileHashReader(tree, tiles{url})
	checkEntries(url, tree, hashes)
	if len(os.Args) > 3 {
		text, err := os.ReadFile(os.Args[3])
		must(err)
		older := open(text, verifier)
		proof, err := tlog.ProveTree(tree.N, older.N, hashes)
		must(err)
		must(tlog.CheckTree(proof, tree.N, tree.Hash, older.N, older.Hash))
	}
	fmt.Println("verified", tree.N)
}
