package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"esrsync/internal/madeup"
	"esrsync/internal/report"
	"esrsync/sync/engine"
	"esrsync/sync/plan"
)

func (a *app) demoCommand() *cobra.Command {
	var people int
	var seed uint64
	var dir string
	c := &cobra.Command{
		Use: "demo", Short: "Everything embedded: a made-up trust, its feeds, its directory with faults in it, a week of runs", Args: cobra.NoArgs,
		Long: `A made-up trust with its feeds and a directory as one is found, all in this process:
it adopts the directory, shows the plan, applies what the guard allows and writes
the reports of a week. The same seed gives the same week. It ends by itself.`,
		Example: "  esrsyncd demo\n  esrsyncd demo --people 50000 --seed 7",
		RunE: func(c *cobra.Command, _ []string) error {
			return a.demo(c.Context(), madeup.Options{People: people, Seed: seed}, dir)
		},
	}
	c.Flags().IntVar(&people, "people", 2000, "how many people work there")
	c.Flags().Uint64Var(&seed, "seed", 1, "another seed is another trust")
	c.Flags().StringVar(&dir, "dir", "", "where its files go; empty: a new folder for temporary files")
	return c
}

// demo plays a week in a made-up trust: a night of looking, a night of adopting,
// then nights of work.
func (a *app) demo(ctx context.Context, opts madeup.Options, dir string) error {
	w, err := newWorld(ctx, opts, dir)
	if err != nil {
		return err
	}
	defer w.close()
	d := &demo{app: a, world: w}
	a.say("A made-up trust of %d people with a directory of %d accounts, in %s", w.trust.Options().People, w.accounts, w.dir)
	for _, step := range []func(context.Context) error{d.observe, d.adopt, d.work, d.release, d.week} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return d.conclude(ctx)
}

// demo is one week being played.
type demo struct {
	app   *app
	world *world
	last  report.Night
	total report.Numbers
}

// observe takes in the first files and looks, writing nothing to the directory.
func (d *demo) observe(ctx context.Context) error {
	if err := d.world.deliver(0); err != nil {
		return err
	}
	n, err := d.run(ctx, 0, "observe", "")
	if err != nil {
		return err
	}
	d.app.say("Day 1, observing: changes by class: %s. Nothing was written.", counts(n.Plan))
	return nil
}

// adopt marks the accounts that are surely somebody's, and nothing else.
func (d *demo) adopt(ctx context.Context) error {
	err := d.session(ctx, 0, "enforce", `"link"`, func(s *session) error {
		out, err := s.engine.Plan(ctx, engine.Request{Trigger: "demo"})
		if err != nil {
			return err
		}
		return s.decidePlan(ctx, out.Plan.ID, string(plan.Link), "", "demo: the evidence was looked at", false)
	})
	if err != nil {
		return err
	}
	n, err := d.run(ctx, 0, "enforce", `"link"`)
	if err != nil {
		return err
	}
	d.app.say("Day 1, adopting: %d accounts marked as ours; no login, address, name or place of theirs touched.", n.Numbers.Done)
	return nil
}

// work enforces every class for the first time.
func (d *demo) work(ctx context.Context) error {
	n, err := d.run(ctx, 0, "enforce", "")
	if err != nil {
		return err
	}
	d.tell("Day 1, enforcing", n)
	for _, h := range n.Plan.Verdict.Held {
		d.app.say("  held: %s", heldLine(h))
	}
	return nil
}

// release approves what the first night held, as an admin does who has looked at
// the names, and makes it. Changes of name are left to be reviewed.
func (d *demo) release(ctx context.Context) error {
	for _, class := range []plan.Class{plan.Leaver, plan.Mover} {
		if !holds(d.last.Plan, class) {
			continue
		}
		err := d.session(ctx, 0, "enforce", "", func(s *session) error {
			return s.decidePlan(ctx, d.last.Plan.ID, string(class), "", "demo: the names were checked", false)
		})
		if err != nil {
			return err
		}
	}
	n, err := d.run(ctx, 0, "enforce", "")
	if err != nil {
		return err
	}
	d.tell("Day 1, approved", n)
	return nil
}

// holds reports whether anything of a class is held.
func holds(p plan.Plan, class plan.Class) bool {
	return len(heldIDs(p, class, "")) > 0
}

// week plays the nights of the changes files.
func (d *demo) week(ctx context.Context) error {
	for night := 1; night <= madeup.Nights; night++ {
		if err := d.world.deliver(night); err != nil {
			return err
		}
		n, err := d.run(ctx, night, "enforce", "")
		if err != nil {
			return err
		}
		d.tell(fmt.Sprintf("Day %d", night+1), n)
	}
	return nil
}

func (d *demo) tell(when string, n report.Night) {
	c := n.Numbers
	d.app.say("%s: %s made; %d joiners, %d changed, %d leavers; %d held, %d failed.", when, plural(c.Done, "change"), c.Joiners, c.Movers, c.Leavers, c.Held, c.Failed)
}

// session opens the demo's configuration as it is on a night.
func (d *demo) session(ctx context.Context, night int, mode, classes string, work func(*session) error) error {
	doc, err := d.world.configuration(mode, classes)
	if err != nil {
		return err
	}
	quiet := *d.app
	quiet.json, quiet.Out = false, io.Discard
	quiet.now = d.world.clock(night)
	s, err := quiet.openWith(ctx, doc)
	if err != nil {
		return err
	}
	defer s.close()
	return work(s)
}

// run makes one run of a night and its report.
func (d *demo) run(ctx context.Context, night int, mode, classes string) (report.Night, error) {
	err := d.session(ctx, night, mode, classes, func(s *session) error {
		out, failure := s.engine.Sync(ctx, engine.Request{Trigger: "demo"})
		n, err := s.report(ctx, out, failure)
		d.last = n
		d.total.Done += n.Numbers.Done
		if failure != nil {
			return failure
		}
		return err
	})
	return d.last, err
}

// conclude says what the last night left, and what to try next.
func (d *demo) conclude(ctx context.Context) error {
	if d.app.json {
		return report.JSON(d.app.Out, d.last)
	}
	c := d.last.Numbers
	d.app.say("\n%d people, %d accounts, %d of them somebody's. %s made in the week.", c.People, c.Accounts, c.Linked, plural(d.total.Done, "change"))
	d.app.say("%d findings are open (%d critical), %d people wait in the match queue, %d tasks for people.", c.Findings, c.Critical, c.Queue, c.OpenTasks)
	file := filepath.Join(d.world.dir, "esrsync.toml")
	d.app.say("Report of the last night: %s", filepath.Join(d.world.dir, "reports", d.last.Run.ID+".html"))
	d.app.say("Try next, with what make build puts into bin: esrsyncd --config %s runs   (or: report, tasks, feed list, ledger verify)", file)
	return ctx.Err()
}

// exampleFolder returns the folder of a demo: the one that was named, or a new one.
func exampleFolder(dir string) (string, error) {
	if dir == "" {
		made, err := os.MkdirTemp("", "esrsync-demo-")
		if err != nil {
			return "", fmt.Errorf("making the demo's folder: %w", err)
		}
		return made, nil
	}
	if exists(filepath.Join(dir, "esrsync.db")) {
		return "", usage("%s has a demo in it already; name another folder", dir)
	}
	dir = absolute(dir)
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return "", fmt.Errorf("making the demo's folder: %w", err)
	}
	return dir, nil
}
