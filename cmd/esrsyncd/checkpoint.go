package main

import (
	"bufio"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"esrsync/internal/state"
)

// signer signs checkpoints of the ledger.
type signer struct{ key ed25519.PrivateKey }

func (k signer) public() ed25519.PublicKey {
	return k.key.Public().(ed25519.PublicKey) //nolint:errcheck // an ed25519 key promises that its public half is one
}

// signingKey reads the key of ledger.key.
func (s *session) signingKey() (signer, error) {
	seed, err := keyOf(s.cfg.Ledger.Key)
	if err != nil {
		return signer{}, fmt.Errorf("ledger.key: %w", err)
	}
	return signer{ed25519.NewKeyFromSeed(seed)}, nil
}

// checkpoint signs the ledger as it stands and writes that where the
// configuration says it is kept apart from the store.
func (s *session) checkpoint(ctx context.Context) error {
	if !slices.Contains(s.cfg.Ledger.CheckpointTo, "file") || s.cfg.Ledger.CheckpointFile == "" {
		return nil
	}
	key, err := s.signingKey()
	if err != nil {
		return err
	}
	point, err := s.store.Checkpoint(ctx, key.key)
	if err != nil {
		return err
	}
	line, err := json.Marshal(point)
	if err != nil {
		return fmt.Errorf("writing a checkpoint: %w", err)
	}
	return appendLine(s.cfg.Ledger.CheckpointFile, line)
}

// appendLine adds a line to a file and waits until it is on the disk.
func appendLine(path string, line []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return fmt.Errorf("making the folder of the checkpoints: %w", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o640)
	if err != nil {
		return fmt.Errorf("writing a checkpoint: %w", err)
	}
	_, err = f.Write(append(line, '\n'))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("writing a checkpoint: %w", err)
	}
	return nil
}

// readCheckpoints reads every checkpoint that was kept in the file.
func (s *session) readCheckpoints() ([]state.Checkpoint, error) {
	f, err := os.Open(s.cfg.Ledger.CheckpointFile)
	if errors.Is(err, fs.ErrNotExist) || s.cfg.Ledger.CheckpointFile == "" {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the checkpoints: %w", err)
	}
	defer f.Close()
	var out []state.Checkpoint
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		var c state.Checkpoint
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			return nil, fmt.Errorf("reading the checkpoints: line %d: %w", n, err)
		}
		out = append(out, c)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("reading the checkpoints: %w", err)
	}
	return out, nil
}
