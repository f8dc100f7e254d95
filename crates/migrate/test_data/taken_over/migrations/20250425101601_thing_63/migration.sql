-- CreateTable
CREATE TABLE "Thing9" (
    "id" BIGSERIAL NOT NULL,
    "a" INTEGER[] DEFAULT ARRAY[1, 2]::INTEGER[],

    CONSTRAINT "Thing9_pkey" PRIMARY KEY ("id")
);
