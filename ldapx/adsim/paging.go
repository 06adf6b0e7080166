package adsim

import (
	ber "github.com/go-asn1-ber/asn1-ber"
)

// pagingControl is RFC 2696: the size of a page, and where to go on.
type pagingControl struct {
	size   int
	cookie string
}

// pagingOf returns the paging control of a request, and whether it has one.
func pagingOf(m message) (pagingControl, bool, error) {
	for _, ctl := range m.controls {
		if ctl.oid != pagedResults {
			continue
		}
		p, err := ber.DecodePacketErr([]byte(ctl.value))
		if err != nil || len(p.Children) != 2 {
			return pagingControl{}, false, malformed()
		}
		size, ok := number(p.Children[0])
		if !ok || size < 0 || size > 1<<31 {
			return pagingControl{}, false, malformed()
		}
		return pagingControl{size: int(size), cookie: text(p.Children[1])}, true, nil
	}
	return pagingControl{}, false, nil
}

// answer encodes the control that ends a page; no cookie is the end of the search.
func (p pagingControl) answer(cookie string) []byte {
	value := tlv(berSequence, integer(berInteger, 0), octets(cookie))
	return tlv(berControls, tlv(berSequence, octets(pagedResults), tlv(berOctets, value)))
}
