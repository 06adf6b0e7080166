package main

import (
	"context"
	"fmt"
	"time"

	"esrsync/internal/directory"
	"esrsync/internal/directory/memory"
	"esrsync/internal/madeup"
	"esrsync/internal/password"
)

// foundPassword is what every made-up account signs in with; nobody does.
const foundPassword = "Somewhat-Complex-47!"

// load puts a made-up directory into a domain, as it is found.
func load(ctx context.Context, domain *memory.Domain, seed madeup.Seed, zone *time.Location) error {
	var objects []memory.Object
	for _, dn := range seed.Units {
		objects = append(objects, memory.Unit(dn))
	}
	for _, u := range seed.Users {
		objects = append(objects, userObject(u, zone))
	}
	for _, c := range seed.Contacts {
		objects = append(objects, object(c.DN, c.Entry()))
	}
	ids, err := domain.Load(objects)
	if err != nil {
		return err
	}
	hand := memory.NewDirectory(domain.System())
	for i, u := range seed.Users {
		if u.Manager == "" {
			continue
		}
		edit := directory.Edit{Attribute: "manager", New: []string{u.Manager}}
		if err := hand.Modify(ctx, ids[len(seed.Units)+i], []directory.Edit{edit}); err != nil {
			return fmt.Errorf("loading the manager of %s: %w", u.DN, err)
		}
	}
	return loadGroups(ctx, domain, seed.Groups)
}

func userObject(u madeup.User, zone *time.Location) memory.Object {
	o := object(u.DN, u.Entry())
	o.Attributes = append(o.Attributes, memory.Attribute{Name: "userAccountControl", Values: []string{u.Control().String()}})
	if u.Enabled {
		o.Attributes = append(o.Attributes, memory.Attribute{Name: "unicodePwd", Values: []string{memory.EncodePassword(foundPassword)}})
	}
	if !u.LastSignIn.IsZero() {
		at := directory.FileTime(u.LastSignIn.Time(zone))
		o.Attributes = append(o.Attributes, memory.Attribute{Name: "lastLogonTimestamp", Values: []string{at}})
	}
	return o
}

func object(dn string, attributes []madeup.Attribute) memory.Object {
	o := memory.Object{DN: dn}
	for _, a := range attributes {
		o.Attributes = append(o.Attributes, memory.Attribute{Name: a.Name, Values: a.Values})
	}
	return o
}

// addService makes the account that we sign in with, and returns its password.
func addService(domain *memory.Domain, base, login string) (string, error) {
	secret, err := password.Hidden()
	if err != nil {
		return "", err
	}
	_, err = domain.Load([]memory.Object{memory.User("CN="+login+",CN=Users,"+base, login, map[string][]string{
		"userPrincipalName":  {login + "@" + domainName(base)},
		"userAccountControl": {directory.NormalAccount.String()},
		"unicodePwd":         {memory.EncodePassword(secret)},
	})})
	return secret, err
}

// loadGroups makes the groups that are not built in, and puts the members into all.
func loadGroups(ctx context.Context, domain *memory.Domain, groups []madeup.Group) error {
	for _, g := range groups {
		if g.BuiltIn {
			continue
		}
		if _, err := domain.Load([]memory.Object{memory.Group(g.DN, g.Name, g.Members...)}); err != nil {
			return err
		}
	}
	hand := memory.NewDirectory(domain.System())
	for _, g := range groups {
		if !g.BuiltIn || len(g.Members) == 0 {
			continue
		}
		found, err := hand.Groups(ctx, nil, []string{g.DN})
		if err != nil || len(found) != 1 {
			return fmt.Errorf("loading the members of %s: %d groups found: %w", g.DN, len(found), err)
		}
		edit := directory.Edit{Attribute: "member", New: g.Members}
		if err := hand.Modify(ctx, found[0].GUID, []directory.Edit{edit}); err != nil {
			return fmt.Errorf("loading the members of %s: %w", g.DN, err)
		}
	}
	return nil
}
