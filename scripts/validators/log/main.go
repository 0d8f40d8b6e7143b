// Judges the log's files by verifiers that are not ours, and makes files of the same kind with them.
//
//	judge FOLDER          one line for each file and verifier: accepted or refused, then who, then what
//	make SEED FOLDER      the same kinds of files, signed and proven by golang.org/x/mod; SEED: 64 hexadecimal characters
//
// Each file is judged as it is and with one bit of it changed, which nobody may accept.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"filippo.io/torchwood"
	"github.com/transparency-dev/formats/log"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	google = "transparency-dev formats and merkle"
	sumdb  = "golang.org/x/mod sumdb"
	torch  = "torchwood"
)

// Of proofs.json.
type inclusion struct {
	Leaf  string   `json:"leaf"`
	Index int64    `json:"index"`
	Size  int64    `json:"size"`
	Path  []string `json:"path"`
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func main() {
	switch {
	case len(os.Args) == 3 && os.Args[1] == "judge":
		judge(os.Args[2])
	case len(os.Args) == 4 && os.Args[1] == "make":
		made(must(hex.DecodeString(os.Args[2])), os.Args[3])
	default:
		panic("judge FOLDER | make SEED FOLDER")
	}
}

func said(who, what string, err error) {
	word := "accepted"
	if err != nil {
		word = "refused"
	}
	fmt.Printf("%s\t%s\t%s\n", word, who, what)
}

func judge(folder string) {
	key := strings.TrimSpace(string(must(os.ReadFile(filepath.Join(folder, "key.txt")))))
	verifier := must(note.NewVerifier(key))
	heads := map[int64]tlog.Hash{}
	for _, path := range sorted(folder, "head-*.txt") {
		data := must(os.ReadFile(path))
		for who, read := range readers(verifier) {
			tree, err := read(data)
			said(who, filepath.Base(path), err)
			if err == nil {
				heads[tree.N] = tree.Hash
			}
			for at := range bytes.Index(data, []byte("\n\n")) {
				if _, err = read(flipped(data, at)); err == nil {
					break
				}
			}
			said(who, filepath.Base(path)+" changed", err)
		}
	}
	for _, path := range sorted(folder, "grown-*.txt") {
		grown(path, verifier, heads)
	}
	var proofs []inclusion
	if err := json.Unmarshal(must(os.ReadFile(filepath.Join(folder, "proofs.json"))), &proofs); err != nil {
		panic(err)
	}
	for _, one := range proofs {
		included(one, heads[one.Size])
	}
}

func readers(verifier note.Verifier) map[string]func([]byte) (tlog.Tree, error) {
	opened := func(data []byte) (torchwood.Checkpoint, error) {
		signed, err := note.Open(data, note.VerifierList(verifier))
		if err != nil {
			return torchwood.Checkpoint{}, err
		}
		return torchwood.ParseCheckpoint(signed.Text)
	}
	return map[string]func([]byte) (tlog.Tree, error){
		google: func(data []byte) (tlog.Tree, error) {
			read, _, _, err := log.ParseCheckpoint(data, verifier.Name(), verifier)
			if err != nil {
				return tlog.Tree{}, err
			}
			return tlog.Tree{N: int64(read.Size), Hash: tlog.Hash(read.Hash)}, nil
		},
		sumdb + " and " + torch: func(data []byte) (tlog.Tree, error) {
			read, err := opened(data)
			return read.Tree, err
		},
	}
}

func grown(path string, verifier note.Verifier, heads map[int64]tlog.Hash) {
	first, rest, _ := strings.Cut(string(must(os.ReadFile(path))), "\n")
	lines, head, _ := strings.Cut(rest, "\n\n")
	if strings.HasPrefix(rest, "\n") {
		lines, head = "", rest[1:]
	}
	read := must(readers(verifier)[google]([]byte(head)))
	var old int64
	must(fmt.Sscanf(first, "old %d", &old))
	var steps [][]byte
	for _, line := range strings.Fields(lines) {
		steps = append(steps, must(base64.StdEncoding.DecodeString(line)))
	}
	what, was := filepath.Base(path), heads[old]
	check := func(what string, was tlog.Hash, steps [][]byte) {
		said(google, what, proof.VerifyConsistency(rfc6962.DefaultHasher, uint64(old), uint64(read.N), steps, was[:], read.Hash[:]))
		if old > 0 { // that library asks for an older tree with leaves
			said(sumdb, what, tlog.CheckTree(hashes(steps), read.N, read.Hash, old, was))
		}
	}
	check(what, was, steps)
	if old == 0 {
		return // every log begins with nothing
	}
	other := was
	other[0] ^= 1
	check(what+" from another head", other, steps)
	if len(steps) > 0 {
		check(what+" changed", was, append([][]byte{flipped(steps[0], 0)}, steps[1:]...))
	}
}

func included(one inclusion, root tlog.Hash) {
	what := fmt.Sprintf("proof of %d in %d", one.Index, one.Size)
	steps := make([][]byte, 0)
	for _, step := range one.Path {
		steps = append(steps, must(hex.DecodeString(step)))
	}
	leaf := must(hex.DecodeString(one.Leaf))
	check := func(what string, leaf []byte) {
		hash := tlog.RecordHash(leaf)
		said(google, what, proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(one.Index), uint64(one.Size), hash[:], steps, root[:]))
		said(sumdb, what, tlog.CheckRecord(hashes(steps), one.Size, root, one.Index, hash))
	}
	check(what, leaf)
	check(what+" of another leaf", flipped(leaf, 0))
}

func hashes(steps [][]byte) []tlog.Hash {
	found := make([]tlog.Hash, len(steps))
	for at, step := range steps {
		found[at] = tlog.Hash(step)
	}
	return found
}

func flipped(data []byte, at int) []byte {
	changed := bytes.Clone(data)
	changed[at] ^= 1
	return changed
}

func sorted(folder, pattern string) []string {
	found := must(filepath.Glob(filepath.Join(folder, pattern)))
	sort.Strings(found)
	return found
}

// What `make` leaves: the sizes of the heads, each with the proofs from every smaller one.
var sizes = []int64{1, 2, 3, 5, 6, 7, 8, 9, 11}

func made(seed []byte, folder string) {
	key := ed25519.NewKeyFromSeed(seed)
	public := must(note.NewEd25519VerifierKey("foreign.example/log", key.Public().(ed25519.PublicKey)))
	name, rest, _ := strings.Cut(public, "+")
	number, _, _ := strings.Cut(rest, "+")
	private := append([]byte{1}, seed...)
	signer := must(note.NewSigner("PRIVATE+KEY+" + name + "+" + number + "+" + base64.StdEncoding.EncodeToString(private)))
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for at, index := range indexes {
			found[at] = stored[index]
		}
		return found, nil
	})
	leaf := func(index int64) []byte {
		digest := sha256.Sum256(fmt.Appendf(nil, "%d", index))
		return digest[:]
	}
	for index := range sizes[len(sizes)-1] {
		stored = append(stored, must(tlog.StoredHashes(index, leaf(index), reader))...)
	}
	write := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o644); err != nil {
			panic(err)
		}
	}
	write("key.txt", []byte(public+"\n"))
	proofs := []inclusion{}
	for at, size := range sizes {
		tree := tlog.Tree{N: size, Hash: must(tlog.TreeHash(size, reader))}
		head := must(note.Sign(&note.Note{Text: torchwood.Checkpoint{Origin: name, Tree: tree}.String()}, signer))
		write(fmt.Sprintf("head-%d.txt", size), head)
		for _, old := range sizes[:at] {
			text := fmt.Sprintf("old %d\n", old)
			for _, step := range must(tlog.ProveTree(size, old, reader)) {
				text += step.String() + "\n"
			}
			write(fmt.Sprintf("grown-%d-%d.txt", old, size), append([]byte(text+"\n"), head...))
		}
		for index := range size {
			path := []string{}
			for _, step := range must(tlog.ProveRecord(size, index, reader)) {
				path = append(path, hex.EncodeToString(step[:]))
			}
			proofs = append(proofs, inclusion{hex.EncodeToString(leaf(index)), index, size, path})
		}
	}
	write("proofs.json", append(must(json.MarshalIndent(proofs, "", " ")), '\n'))
}
