/// The last labels of host names that are told from words, names and endings of files in any case.
///
/// Not all that there are: where a name is in one case, what looks like a host name counts as one by that
/// (``HostWord``). The table is for `Evil.Co.Uk` beside `John.Smith`.
enum TopLevel {
    /// The end of a host name, whatever its case.
    static func isKnown(_ label: some StringProtocol) -> Bool {
        let lowered = label.lowercased()
        return countries.contains(lowered) || generic.contains(lowered)
    }

    /// One that no person is called.
    static func isGeneric(_ label: some StringProtocol) -> Bool {
        generic.contains(label.lowercased())
    }

    private static func labels(_ text: String) -> Set<String> {
        Set(text.split { $0 == " " || $0 == "\n" }.map(String.init))
    }

    /// ISO 3166-1, with the four besides that IANA's Root Zone Database has (`ac`, `eu`, `su`, `uk`), and the countries'
    /// names in scripts that have cases: in others nothing has a case to be told by.
    private static let countries = labels(
        """
        ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bl bm bn bo bq br bs bt bv bw
        by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg eh er es et eu fi
        fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io
        iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mf mg
        mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk
        pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st su sv sx sy sz
        tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk um us uy uz va vc ve vg vi vn vu wf ws ye yt za zm
        zw бг бел ею қаз мкд мон рф срб укр ελ ευ հայ
        """)

    /// Those of IANA's Root Zone Database that anybody can register names under, and the best known ones of brands.
    ///
    /// Without surnames (`black`, `kim`, `law`, `love`, `wang`) and the endings of files (`pub`); with those for special
    /// use (RFC 2606, RFC 6761, RFC 7686).
    private static let generic = labels(
        """
        abogado academy accountant accountants actor ads adult agency airforce amazon americanexpress amex analytics
        android apartments app apple archi army art asia associates attorney auction audio author auto autos band
        bank bar barclays bargains baseball basketball beauty beer best bet bid bike bing bingo bio biz blackfriday
        blog blue boats bond boo book boston bot boutique box broadway broker build builders business buy buzz cab
        cafe cal call cam camera camp capital car cards care career careers cars casa cash casino catering catholic
        center ceo cfd channel charity chase chat cheap christmas church citi city claims cleaning click clinic
        clothing cloud club coach codes coffee college com community company compare computer condos construction
        consulting contact contractors cooking cool coop country coupon coupons courses cpa credit creditcard
        creditunion cricket cruise cruises cyou dad dance data date dating day deal dealer deals degree delivery
        democrat dental dentist desi design dev diamonds diet digital direct directory discount diy docs doctor dog
        domains dot download drive earth eat eco edu education email energy engineer engineering enterprises
        equipment esq estate events exchange expert exposed express fail faith family fan fans farm fashion fast
        feedback film final finance financial fire fish fishing fit fitness flights florist flowers fly foo food
        football forex forsale forum foundation free fun fund furniture futbol fyi gallery game games gap garden gay
        gift gifts gives giving glass global gmail gmbh gold golf google got gov graphics gratis gripe grocery group
        guide guitars guru hair health healthcare help here hiphop hiv hockey holdings holiday homes horse hospital
        host hosting hot hotel hotels hotmail house how hsbc icu immo immobilien inc industries info ing ink
        institute insurance insure int international investments irish jetzt jewelry jobs juegos kaufen kids kitchen
        kosher land lat lawyer lease legal life lifeinsurance lifestyle lighting limited limo link live living llc
        loan loans locker lol ltd luxe luxury madrid maison makeup management market marketing markets mba med media
        meet meme memorial menu miami microsoft mobi mobile moda moe moi mom monash money monster mortgage
        motorcycles mov movie museum music name net network new news ngo ninja now nyc office one ong online ooo
        open org organic origins ott page partners parts party pay pet pharmacy phd phone photo photography photos
        physio pics pictures pid ping pink pizza place play plumbing plus poker porn post press pro productions prof
        promo properties property protection qpon quest racing radio read realestate realtor realty recipes red
        rehab reise reisen reit rent rentals repair report republican rest restaurant review reviews rip rocks rodeo
        room rsvp rugby run safe safety sale salon sarl save sbs school schule science scot search seat secure
        security select services sex sexy shoes shop shopping show singles site ski skin smart soccer social
        software solar solutions spa space sport spot srl star statebank storage store stream studio study style
        sucks supplies supply support surf surgery systems tab talk tattoo tax taxi team tech technology tel tennis
        theater theatre tickets tienda tips tires today tools top total tours town toys trade trading training
        travel trust tube university vacations vegas ventures vet viajes video villas vin vip visa vision vodka vote
        voting voto voyage watch watches weather webcam website wed wedding wiki win wine winners work works world
        wow wtf xxx xyz yachts yoga you zero zip zone
        example test invalid localhost local internal onion
        дети ком москва онлайн орг рус сайт
        """)
}
