// Signature vectors that LINE and the authors of its SDK publish.
export const vectors = [
	{
		secret: "8c570fa6dd201bb328f1c1eac23a96d8",
		body: '{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}',
		signature: "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs=",
	},
	{
		secret: "test_secret",
		body: '{"hello":"world"}',
		signature: "t7Hn4ZDHqs6e+wdvI5TyQIvzie0DmMUmuXEBqyyE/tM=",
	},
];
