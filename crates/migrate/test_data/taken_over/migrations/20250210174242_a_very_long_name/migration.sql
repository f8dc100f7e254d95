-- CreateTable
CREATE TABLE "AModelWithANameThatIsSoVeryLongThatPostgresCutsIt" (
    "id" INTEGER NOT NULL,
    "aFieldWithAnEvenLongerNameThatDoesNotFitIntoAnIdentifier" TEXT NOT NULL,

    CONSTRAINT "AModelWithANameThatIsSoVeryLongThatPostgresCutsIt_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "AModelWithANameThatIsSoVeryLongThatPostgresCutsIt_aFieldWit_key" ON "AModelWithANameThatIsSoVeryLongThatPostgresCutsIt"("aFieldWithAnEvenLongerNameThatDoesNotFitIntoAnIdentifier");
