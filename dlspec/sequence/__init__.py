"""Course 5, Sequence Models.  By hand: x (n_x, m, T_x); in Keras: (m, T_x, n_x).

    recurrent                 RNN, LSTM and GRU by hand, forward and backward        (week 1)
    recurrent_layers          the same in fast forms; both directions, stacks        (week 1)
    dinosaur_names            names made up letter by letter                         (week 1)
    language_model            words and characters: perplexity, sampling; poems      (week 1)
    jazz_improvisation        an LSTM that learns solos and plays its own            (week 1)
    jazz_grammar              notes as words about their chords, statistics          (week 1)
    word_vectors              similarity, analogies, debiasing, GloVe files          (week 2)
    embeddings                learning word vectors: six methods                     (week 2)
    beam_search               the most probable sentence, and whose fault an error   (week 3)
    bleu                      how close a translation is to what people wrote        (week 3)

`language_model` and `jazz_improvisation` use Keras; the others are NumPy only.
"""
