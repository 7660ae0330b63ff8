// A verifier of the public log that shares no code with the project: notes, tree and proofs are
// those of golang.org/x/mod/sumdb, which checks Go's own module log.
//
//	main [-witness VERIFIER-KEY] LOG-URL VERIFIER-KEY [OLDER-CHECKPOINT-FILE]
//
// It opens the checkpoint, reads every entry, proves each against the root through the tiles, and
// that the older checkpoint's log is the beginning of this one. With a witness, no checkpoint is
// taken that the witness has not cosigned as well. Prints "verified SIZE".
package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"flag"
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

// A witness signs the time and the text (C2SP tlog-cosignature), which sumdb's own verifier of
// Ed25519 does not know.
type witness struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

const cosignatureAlgorithm = 4

func newWitness(text string) witness {
	parts := strings.SplitN(text, "+", 3)
	if len(parts) != 3 {
		log.Fatal("not a verifier key")
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	must(err)
	if len(key) != 1+ed25519.PublicKeySize || key[0] != cosignatureAlgorithm {
		log.Fatal("not the key of a witness")
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	hash := binary.BigEndian.Uint32(sum[:])
	if fmt.Sprintf("%08x", hash) != parts[1] {
		log.Fatal("the key's id is another one")
	}
	return witness{parts[0], hash, ed25519.PublicKey(key[1:])}
}

func (w witness) Name() string    { return w.name }
func (w witness) KeyHash() uint32 { return w.hash }
func (w witness) Verify(text, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	seconds := binary.BigEndian.Uint64(signature)
	message := fmt.Sprintf("cosignature/v1\ntime %d\n%s", seconds, text)
	return ed25519.Verify(w.key, []byte(message), signature[8:])
}

// The first of the verifiers is the log's; each must have signed.
func open(text []byte, verifiers []note.Verifier) tlog.Tree {
	opened, err := note.Open(text, note.VerifierList(verifiers...))
	must(err)
	for _, verifier := range verifiers {
		isSigned := false
		for _, signature := range opened.Sigs {
			isSigned = isSigned || signature.Name == verifier.Name() && signature.Hash == verifier.KeyHash()
		}
		if !isSigned {
			log.Fatal("not signed by ", verifier.Name())
		}
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifiers[0].Name() {
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
	witnessKey := flag.String("witness", "", "verifier key of a witness that must have cosigned")
	flag.Parse()
	url := flag.Arg(0)
	verifier, err := note.NewVerifier(flag.Arg(1))
	must(err)
	verifiers := []note.Verifier{verifier}
	if *witnessKey != "" {
		verifiers = append(verifiers, newWitness(*witnessKey))
	}
	text, err := fetch(url + "/checkpoint")
	must(err)
	tree := open(text, verifiers)
	hashes := tlog.TileHashReader(tree, tiles{url})
	checkEntries(url, tree, hashes)
	if flag.NArg() > 2 {
		text, err := os.ReadFile(flag.Arg(2))
		must(err)
		older := open(text, verifiers)
		proof, err := tlog.ProveTree(tree.N, older.N, hashes)
		must(err)
		must(tlog.CheckTree(proof, tree.N, tree.Hash, older.N, older.Hash))
	}
	fmt.Println("verified", tree.N)
}
