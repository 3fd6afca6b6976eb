// Verifies a log that Kaohe exported, with the code that verifies Go's own checksum database.
//
//	verify DIR VKEY...          the folder of a log: every entry, some proofs
//	verify -receipt FILE VKEY   a receipt that carries its entry
package main

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height, width = 8, 256

func main() {
	size, err := verify(os.Args[1:])
	if err != nil {
		fmt.Println("NOT OK:", err)
		os.Exit(1)
	}
	fmt.Println("OK", size)
}

func verify(args []string) (int64, error) {
	if len(args) > 2 && args[0] == "-receipt" {
		return receipt(args[1], args[2:])
	}
	if len(args) < 2 {
		return 0, errors.New("usage: verify DIR VKEY... | verify -receipt FILE VKEY...")
	}
	content, err := os.ReadFile(filepath.Join(args[0], "checkpoint"))
	if err != nil {
		return 0, err
	}
	tree, err := checkpoint(content, args[1:])
	if err != nil {
		return 0, err
	}
	return tree.N, folder(files(args[0]), tree)
}

// checkpoint opens a signed checkpoint; what unknown keys signed is no obstacle.
func checkpoint(content []byte, vkeys []string) (tree tlog.Tree, err error) {
	var known []note.Verifier
	for _, vkey := range vkeys {
		verifier, err := note.NewVerifier(vkey)
		if err != nil {
			return tree, err
		}
		known = append(known, verifier)
	}
	opened, err := note.Open(content, note.VerifierList(known...))
	if err != nil {
		return tree, err
	}
	for _, each := range opened.UnverifiedSigs {
		fmt.Println("not verified:", each.Name)
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != known[0].Name() {
		return tree, errors.New("the checkpoint is not that of the log")
	}
	if tree.N, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return tree, err
	}
	tree.Hash, err = tlog.ParseHash(lines[2])
	return tree, err
}

func folder(log files, tree tlog.Tree) error {
	reader := tlog.TileHashReader(tree, log)
	root, err := tlog.TreeHash(tree.N, reader)
	if err != nil {
		return err
	}
	if root != tree.Hash {
		return errors.New("the tiles do not lead to the root")
	}
	if err := entries(log, tree, reader); err != nil {
		return err
	}
	for _, index := range some(tree.N) {
		if err := included(index, tree, reader); err != nil {
			return fmt.Errorf("entry %d: %w", index, err)
		}
		if err := consistent(index+1, tree, reader); err != nil {
			return fmt.Errorf("from %d on: %w", index+1, err)
		}
	}
	return nil
}

// entries hashes every entry and compares it with the tile above it, which the reader verifies.
func entries(log files, tree tlog.Tree, reader tlog.HashReader) error {
	for first := int64(0); first < tree.N; first += width {
		count := tree.N - first
		if count > width {
			count = width
		}
		bundle, err := log.read("entries", first/width, int(count))
		if err != nil {
			return err
		}
		var indexes []int64
		for place := int64(0); place < count; place++ {
			indexes = append(indexes, tlog.StoredHashIndex(0, first+place))
		}
		hashes, err := reader.ReadHashes(indexes)
		if err != nil {
			return err
		}
		for place, hash := range hashes {
			if len(bundle) < 2 || len(bundle)-2 < int(bundle[0])<<8+int(bundle[1]) {
				return fmt.Errorf("entry %d is cut off", first+int64(place))
			}
			end := 2 + int(bundle[0])<<8 + int(bundle[1])
			if tlog.RecordHash(bundle[2:end]) != hash {
				return fmt.Errorf("entry %d is not what the tree says", first+int64(place))
			}
			bundle = bundle[end:]
		}
		if len(bundle) != 0 {
			return errors.New("a bundle holds more than its entries")
		}
	}
	return nil
}

func included(index int64, tree tlog.Tree, reader tlog.HashReader) error {
	hashes, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
	if err != nil {
		return err
	}
	proof, err := tlog.ProveRecord(tree.N, index, reader)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(proof, tree.N, tree.Hash, index, hashes[0])
}

func consistent(old int64, tree tlog.Tree, reader tlog.HashReader) error {
	root, err := tlog.TreeHash(old, reader)
	if err != nil {
		return err
	}
	proof, err := tlog.ProveTree(tree.N, old, reader)
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, tree.N, tree.Hash, old, root)
}

// some indexes: both ends, about the edges of tiles, and others all over the log.
func some(size int64) (found []int64) {
	wanted := []int64{0, 1, 254, 255, 256, 257, 511, 512, 65534, 65535, 65536, size - 2, size - 1}
	for place := int64(1); place < 40; place++ {
		wanted = append(wanted, size*place/40)
	}
	for _, each := range wanted {
		if 0 <= each && each < size {
			found = append(found, each)
		}
	}
	return found
}

// files is the folder of a log; the paths within differ from those of Go only in "8/".
type files string

func (root files) Height() int { return height }

func (root files) SaveTiles([]tlog.Tile, [][]byte) {}

func (root files) ReadTiles(tiles []tlog.Tile) (found [][]byte, err error) {
	for _, tile := range tiles {
		content, err := root.read(strconv.Itoa(tile.L), tile.N, tile.W)
		if err != nil {
			return nil, err
		}
		if len(content) < tile.W*tlog.HashSize {
			return nil, errors.New("a tile is cut short")
		}
		found = append(found, content[:tile.W*tlog.HashSize])
	}
	return found, nil
}

// read finds a partial tile also in a wider one, as C2SP tlog-tiles allows.
func (root files) read(level string, number int64, wanted int) ([]byte, error) {
	path := strings.TrimPrefix(tlog.Tile{H: height, L: 0, N: number, W: width}.Path(), "tile/8/0/")
	full := filepath.Join(string(root), "tile", level, path)
	for each := wanted; each < width; each++ {
		if content, err := os.ReadFile(filepath.Join(full+".p", strconv.Itoa(each))); err == nil {
			return content, nil
		}
	}
	return os.ReadFile(full)
}

func receipt(path string, vkeys []string) (int64, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	above, below, _ := bytes.Cut(content, []byte("\n\n"))
	tree, err := checkpoint(below, vkeys)
	if err != nil {
		return 0, err
	}
	lines := strings.Split(string(above), "\n")
	if len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return 0, errors.New("this is no receipt")
	}
	entry, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
	if err != nil {
		return 0, err
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64)
	if err != nil {
		return 0, err
	}
	var proof tlog.RecordProof
	for _, line := range lines[3:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return 0, err
		}
		proof = append(proof, hash)
	}
	return tree.N, tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry))
}
