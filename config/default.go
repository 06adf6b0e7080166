package config

// Default returns the configuration before a file is laid over it: it observes, and knows nothing of any one
// trust. It does not pass the checks until a file adds what only the trust can say.
func Default() Config {
	return Config{
		Mode:        ModeObserve,
		Environment: EnvironmentLive,
		TimeZone:    "Europe/London",
		Feeds:       defaultFeeds(),
		Directory:   defaultDirectory(),
		Naming:      defaultNaming(),
		Lifecycle:   defaultLifecycle(),
		Guard:       defaultGuard(),
		Lockout:     defaultLockout(),
		URP:         defaultURP(),
		Email:       defaultEmail(),
		Writeback:   Writeback{File: dataPath("outbox/emails_{date}.csv"), ExpectWithinWorkingDays: 5},
		Store:       Store{Driver: StoreSQLite, Path: dataPath("esrsync.db"), Lease: 30 * Second},
		Ledger: Ledger{
			Key: keyReference("ledger-key"), TokenKey: keyReference("token-key"),
			CheckpointTo: []string{"syslog", "mail", "file"}, CheckpointFile: dataPath("checkpoints.log"),
		},
		Retention: Retention{PersonalDataAfterLeaving: 730 * Day, Ledger: 2920 * Day},
		Schedule:  Schedule{Sync: "0 6 * * *", Dates: "5 0 * * *", Report: "0 9 * * *", KPI: "0 8 1 * *"},
		Report:    Report{Directory: dataPath("reports"), Formats: []string{"html", "xlsx", "csv", "json"}, Keep: 400 * Day},
		Mail:      Mail{MaxPerRun: 50, SMTP: SMTP{Port: 587, TLS: "starttls"}},
		Console:   Console{Session: 30 * Minute, Managers: "direct"},
		Log:       Log{Level: "info", Format: "json"},
	}
}

func defaultFeeds() Feeds {
	return Feeds{
		Inbox: dataPath("inbox"), Archive: dataPath("archive"), ArchiveKeep: 90 * Day, MaxAge: 26 * Hour,
		SFTP: SFTP{Port: 22, Every: 10 * Minute},
		Staff: StaffFeed{
			Format: StaffGO, TrailerCounts: TrailerAllLines,
			MaxShrinkPercent: 3, MaxShrinkPercentPerOrganisation: 20,
			File: "staff_*.csv", Columns: defaultStaffColumns(),
		},
		URP: URPFeed{File: "urp_*.csv", MaxAge: 8 * Day, Columns: URPColumns{
			UserName: "User Name", EmployeeNumber: "Employee Number", PersonName: "Full Name",
			URP: "Responsibility", Start: "Start Date", End: "End Date", LastLogon: "Last Logon Date",
		}},
		OneForms: OneFormFeed{File: "oneforms_*.csv", Columns: OneFormColumns{
			Reference: "Reference", EmployeeNumber: "Employee Number", URP: "URP",
			AuthorisedBy: "Authorised By", AuthorisedOn: "Authorised On",
		}},
		ASNumbers: ASFeed{File: "as_numbers_*.csv", Columns: ASColumns{
			EmployeeNumber: "Employee Number", ASNumber: "AS Number", Start: "Start Date", End: "End Date",
		}},
		NonESR: NonESRFeed{File: "non_esr_*.csv", Columns: NonESRColumns{
			Reference: "Reference", Surname: "Surname", Forename: "Forename", Category: "Category",
			Sponsor: "Sponsor Employee Number", Start: "Start Date", End: "End Date",
		}},
	}
}

func defaultStaffColumns() StaffColumns {
	return StaffColumns{
		PersonID: "Person ID", EmployeeNumber: "Employee Number", Title: "Title", LastName: "Last Name",
		FirstName: "First Name", MiddleName: "Middle Name", PreferredName: "Preferred Name",
		DateOfBirth: "Date of Birth", NINumber: "NI Number", SmartcardUUID: "UUID", Email: "Email Address",
		HireDate: "Hire Date", TerminationDate: "Actual Termination Date", TerminationReason: "Reason for Leaving",
		AssignmentNumber: "Assignment Number", AssignmentStatus: "Assignment Status",
		AssignmentCategory: "Assignment Category", Primary: "Primary Assignment",
		AssignmentStart: "Assignment Start Date", AssignmentEnd: "Assignment End Date",
		LastWorkingDay: "Last Working Day", PositionNumber: "Position Number", PositionTitle: "Position Title",
		StaffGroup: "Staff Group", JobRole: "Job Role", Organisation: "Organisation",
		OrganisationPath: "Organisation Path", Location: "Location",
		Supervisor: "Supervisor Employee Number", FTE: "FTE",
	}
}

func defaultDirectory() Directory {
	return Directory{
		Connections: 4, Timeout: 10 * Second, PageSize: 500,
		PersonKeyAttribute: "employeeID", MarkerAttribute: "adminDescription",
		Protected: Protected{Accounts: []string{"Administrator", "krbtgt"}},
	}
}

func defaultNaming() Naming {
	return Naming{
		Login:    []string{"{initial}{surname}", "{initial}{middle_initial}{surname}", "{initial}{surname}{n}"},
		LoginMax: 20,
		UPN:      "{email}",
		Email: []string{
			"{preferred}.{surname}", "{preferred}.{middle_initial}.{surname}", "{preferred}.{surname}{n}",
		},
		DisplayName: "{surname}, {preferred} ({organisation})",
		CN:          "{preferred} {surname} ({login})",
		Rename:      RenameReview,
	}
}

func defaultLifecycle() Lifecycle {
	return Lifecycle{
		CreateBeforeStart: 14 * Day, LeaverDate: LeaverLastWorkingDay, LeaverAt: TimeOfDay{Hour: 23, Minute: 59},
		AccountExpires: true, AbsentFullFeeds: 3, UnusedAccountAfter: 40 * Day,
		InitialPassword: []string{"manager", "service_desk"},
	}
}

func defaultGuard() Guard {
	return Guard{
		ShareFrom: 5,
		Leaver:    Limit{Max: 40, MaxPercent: 1}, Mover: Limit{Max: 100, MaxPercent: 5},
		Joiner: Limit{Max: 100, MaxPercent: 5}, Rename: Limit{Max: 20, MaxPercent: 1},
		Repair:          Limit{Max: 50, MaxPercent: 2},
		PerOrganisation: Limit{Max: 5, MaxPercent: 30}, ApprovalTTL: 24 * Hour,
	}
}

func defaultLockout() Lockout {
	return Lockout{
		IncludeProtected: true, Never: []string{"krbtgt"}, MaxPerHour: 10, TwoPersonRelease: true, Watch: true,
		Categories: []string{"investigation", "disciplinary", "safeguarding", "security incident", "other"},
	}
}

func defaultURP() URP {
	return URP{
		ElevatedExcept: []string{"Employee Self Service", "e-Learning User"},
		SmartcardRequired: []string{
			"HR Administration", "Payroll Administration", "Payroll Super Administration",
		},
		Conflicts: [][]string{
			{"HR Administration", "Payroll Administration"},
			{"Payroll Super Administration", "Local HRMS Systems and User Administration"},
		},
		UnusedAfter: 60 * Day, GenericNames: []string{"*TEST*", "*SHARED*", "*GENERIC*"},
		Exceptions: dataPath("urp-exceptions.csv"), AuditEveryMonths: 6,
	}
}

func defaultEmail() Email {
	return Email{
		Provider: ProviderOwn, Ready: ReadyAssume, ReadyAttribute: "msExchMailboxGuid",
		RequestFile: dataPath("outbox/mailboxes_{date}.csv"), AnswerFile: "mailboxes_*.csv",
		Columns: EmailColumns{EmployeeNumber: "Employee Number", Email: "Email Address", State: "Status"},
	}
}
