package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"esrsync/internal/report"
	"esrsync/internal/state"
	"esrsync/sync/engine"
)

func (a *app) reportCommand() *cobra.Command {
	var format, file string
	c := &cobra.Command{
		Use: "report [RUN]", Short: "The report of a run, the last one by default", Args: cobra.MaximumNArgs(1),
		Example: "  esrsyncd report\n  esrsyncd report --format html --out report.html\n  esrsyncd report 20261122T060003Z --format json",
		RunE: func(c *cobra.Command, args []string) error {
			return a.with(c.Context(), func(s *session) error { return s.showReport(c.Context(), args, format, file) })
		},
	}
	c.Flags().StringVar(&format, "format", "text", "text, html or json")
	c.Flags().StringVar(&file, "out", "", "write into this file")
	return c
}

func (s *session) showReport(ctx context.Context, args []string, format, file string) error {
	id := ""
	if len(args) > 0 {
		id = args[0]
	}
	if s.app.json {
		format = "json"
	}
	render, known := renderers()[format]
	if !known {
		return usage("a report has no format %q yet; use text, html or json", format)
	}
	run, err := s.runOf(ctx, id)
	if err != nil {
		return err
	}
	night, err := s.nightOf(run)
	if err != nil {
		return err
	}
	if file == "" {
		return render(s.app.Out, night)
	}
	if err := renderFile(file, render, night); err != nil {
		return err
	}
	s.app.say("Wrote %s.", file)
	return nil
}

// renderers are the forms of a report, by the name that the configuration uses.
func renderers() map[string]func(io.Writer, report.Night) error {
	return map[string]func(io.Writer, report.Night) error{"text": report.Text, "html": report.HTML, "json": report.JSON}
}

// nightOf returns what a kept run's report is rendered from.
func (s *session) nightOf(run state.Run) (report.Night, error) {
	var n report.Night
	if len(run.Report) == 0 {
		return n, usage("the run %s left no report: it was stopped before its end", run.ID)
	}
	if err := json.Unmarshal(run.Report, &n); err != nil {
		return n, fmt.Errorf("reading the report of run %s: %w", run.ID, err)
	}
	n.Zone = s.engine.Settings.Zone
	return n, nil
}

func renderFile(path string, render func(io.Writer, report.Night) error, n report.Night) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return fmt.Errorf("making the folder of the report: %w", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o640)
	if err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	if err := render(f, n); err != nil {
		_ = f.Close() // the rendering's error is the one that matters
		return fmt.Errorf("writing the report: %w", err)
	}
	return f.Close()
}

// report makes the report of a run that has just ended, keeps what it is made
// from with the run, and writes it in every form that the configuration asks for
// and that there is.
func (s *session) report(ctx context.Context, out engine.Outcome, failure error) (report.Night, error) {
	night, err := s.night(ctx, out)
	if err != nil {
		return night, err
	}
	night.Run.Exit = exitOf(out, failure)
	if night.Run.Report, err = json.Marshal(night); err != nil {
		return night, fmt.Errorf("keeping the report: %w", err)
	}
	if err := s.store.FinishRun(ctx, night.Run); err != nil {
		return night, fmt.Errorf("keeping the report: %w", err)
	}
	for _, format := range s.cfg.Report.Formats {
		render, known := renderers()[format]
		if !known {
			continue
		}
		if err := renderFile(s.reportPath(out.Run.ID, format), render, night); err != nil {
			return night, err
		}
	}
	return night, s.checkpoint(ctx)
}

func (s *session) reportPath(runID, format string) string {
	ending := format
	if format == "text" {
		ending = "txt"
	}
	return filepath.Join(s.cfg.Report.Directory, runID+"."+ending)
}

// showOutcome tells how the run went: as the report's JSON where that was asked
// for, which names nobody who is locked out.
func (s *session) showOutcome(out engine.Outcome, night report.Night) error {
	if s.app.json {
		return report.JSON(s.app.Out, night)
	}
	s.printOutcome(s.app.Out, out, night)
	return nil
}

// printOutcome tells a person at the terminal how the run went.
func (s *session) printOutcome(w io.Writer, out engine.Outcome, night report.Night) {
	// Safe to ignore: the terminal is gone, and the report is kept.
	_ = report.Summary(w, night)
	for _, format := range s.cfg.Report.Formats {
		if _, known := renderers()[format]; known {
			fmt.Fprintf(w, "Report: %s\n", s.reportPath(out.Run.ID, format))
		}
	}
}
