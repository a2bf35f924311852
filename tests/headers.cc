// Holds nothing: the headers that tests share are compiled with it.
